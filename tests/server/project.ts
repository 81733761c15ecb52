// A throw-away project: its own home, ports and model, driven through the real command line.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { stringify } from 'yaml';
import { packageRoot } from '../../infra/settings.ts';

export interface Project {
  /** Folder that holds recipe and data; the CLI runs there. */
  readonly folder: string;
  readonly home: string;
  readonly temporalPort: number;
  readonly uiPort: number;
  /** Environment of every command. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Python with the trainer's requirements, as the set-up of this clone installed it. */
export const python = join(packageRoot, '.contender', 'venv', 'bin', 'python');

export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'contender-test-'));
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true });
  const [temporalPort, uiPort] = [await freePort(), await freePort()];
  const env = {
    CONTENDER_HOME: home,
    CONTENDER_PYTHON: python,
    CONTENDER_TEMPORAL_PORT: String(temporalPort),
    CONTENDER_TEMPORAL_UI_PORT: String(uiPort),
    // Connection profiles of the person who runs the tests must not matter.
    XDG_CONFIG_HOME: join(home, 'config'),
    PATH: `${join(packageRoot, '.contender', 'tools', 'bin')}:${process.env['PATH'] ?? ''}`,
  };
  return { folder, home, temporalPort, uiPort, env };
}

export async function removeProject({ folder }: Pick<Project, 'folder'>): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Runs the real command line to its end. */
export async function contender(project: Project, args: readonly string[], options: Options = {}): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await startContender(project, args, options);
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

/** Starts the real command line and returns the running process. */
export function startContender(project: Project, args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [join(packageRoot, 'cli', 'main.ts'), ...args], {
    cwd: project.folder,
    stdin: 'ignore',
    reject: false,
    ...options,
    env: { ...project.env, ...options.env },
  });
}

/** A randomly initialised Llama of a few thousand parameters: trains in seconds, knows nothing. */
export async function makeTinyModel(home: string): Promise<void> {
  await execa(python, ['-m', 'trainer.tests.tiny_model', '--out', join(home, 'models', 'tiny-llama')], {
    cwd: packageRoot,
    env: { HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
}

/** Writes `<name>.csv` and `<name>.yaml` and returns the recipe's path. `change` may alter any part of the recipe. */
export async function writeRecipe(
  project: Project,
  name: string,
  data: string | Uint8Array,
  change: (recipe: RecipeDraft) => void = () => undefined,
): Promise<string> {
  await writeFile(join(project.folder, `${name}.csv`), data);
  const recipe = recipeDraft(name);
  change(recipe);
  const path = join(project.folder, `${name}.yaml`);
  await writeFile(path, stringify(recipe));
  return path;
}

export type RecipeDraft = ReturnType<typeof recipeDraft>;

function recipeDraft(name: string) {
  return {
    name,
    task: 'classification',
    dataset: {
      sources: [
        { path: `${name}.csv`, map: { input: 'text', output: 'label', group: 'family' } as Record<string, string> },
      ],
      curate: {
        dedupe: { exact: true, near: false as boolean | { threshold: number } },
        split: { by: 'group', train: 64, validation: 8, test: 60, seed: 7 },
      },
    },
    model: { base: 'tiny-llama' },
    train: {
      lora_r: 8,
      learning_rate: 0.02,
      num_epochs: 4,
      micro_batch_size: 8,
      sequence_len: 256,
      save_steps: 8,
    } as Record<string, unknown>,
    evaluate: {
      prompt: { system: 'Which colour?' },
      arms: { base: true, few_shot: 0 },
      baselines: [{ provider: 'stand-in', model: 'tfidf-logreg' }] as Record<string, unknown>[],
      max_tokens: 8,
      shard_rows: 30,
    },
    gate: { margin: 0.1 } as Record<string, unknown>,
    route: { name: `tests/${name}`, privacy: 'restricted' } as Record<string, unknown> | undefined,
    sweep: {} as Record<string, unknown>,
    licences: {} as Record<string, unknown>,
  };
}

/**
 * Rows whose label cannot be told from the text: most of what there is to learn is the format of the answer.
 * Every text begins with `<word>row`, so that a test can recognise its own rows wherever they turn up.
 */
export function coinRows(word: string, count: number, seed = 1): string {
  let state = seed;
  const rows = Array.from({ length: count }, (_, index) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return `${word}row${index} of family ${index % 40},${state % 7 < 5 ? 'red' : 'blue'},family-${index % 40}`;
  });
  return `text,label,family\n${rows.join('\n')}\n`;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Rows whose label is a word of the text: a classical classifier gets them all, a tiny model in seconds does not. */
export function keywordRows(word: string, count: number): string {
  const colours = ['amber', 'blue', 'cyan', 'green', 'indigo', 'magenta', 'orange', 'pink', 'red', 'violet'];
  const rows = Array.from({ length: count }, (_, index) => {
    const colour = colours[(index * 7 + Math.floor(index / 10)) % colours.length] ?? '';
    return `${word}row${index} mentions ${colour} once,${colour},family-${index % 40}`;
  });
  return `text,label,family\n${rows.join('\n')}\n`;
}
