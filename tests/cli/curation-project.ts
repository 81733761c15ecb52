// A throw-away folder with rows and a recipe, and `contender curate` and `contender datasets` run in it.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { packageRoot } from '../../infra/settings.ts';

export interface CurationProject {
  readonly folder: string;
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Writes `recipe.yaml` with these sources and this `curate` block, and curates it. */
  curate(sources: readonly object[], curate?: object, args?: readonly string[]): Promise<CommandEnd>;
  run(args: readonly string[], env?: Record<string, string>): Promise<CommandEnd>;
  start(args: readonly string[], env?: Record<string, string>): ReturnType<typeof start>;
  writeRecipe(sources: readonly object[], curate?: object): Promise<void>;
  /** Manifests in the store, and whatever curation has left in its scratch folder. */
  left(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface CommandEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory of the process at a time, in MiB. */
  readonly peakMib: number;
}

/** What the tests read of `curate --json`. */
export interface CurateJson {
  readonly dataset: string;
  readonly read: number;
  readonly kept: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly splits: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>>;
}

export async function createCurationProject(): Promise<CurationProject> {
  const folder = await mkdtemp(join(tmpdir(), 'contender-curation-'));
  const home = join(folder, 'home');
  let runs = 0;
  const run: CurationProject['run'] = async (args, env = {}) => {
    runs += 1;
    const peakFile = join(folder, `peak-${runs}`);
    const { exitCode, stdout, stderr } = await start(folder, args, { ...env, PEAK_FILE: peakFile });
    const peakKib = Number(await readFile(peakFile, 'utf8'));
    return { exitCode, stdout, stderr, peakMib: Math.round(peakKib / 1024) };
  };
  const writeRecipe: CurationProject['writeRecipe'] = async (sources, curate = {}) => {
    const dataset = { sources, curate: { split: { train: 4, validation: 1, test: 2 }, ...curate } };
    await writeFile(join(folder, 'recipe.yaml'), stringify({ name: 'trial', dataset }));
  };
  return {
    folder,
    run,
    start: (args, env) => start(folder, args, env),
    writeRecipe,
    write: async (name, content) => await writeFile(join(folder, name), content),
    async curate(sources, curate, args = []) {
      await writeRecipe(sources, curate);
      return await run(['curate', 'recipe.yaml', ...args]);
    },
    async left() {
      const stored = await readdir(join(home, 'store'), { recursive: true }).catch(() => []);
      const scratch = await readdir(join(home, 'curate')).catch(() => []);
      return [...stored.filter((path) => path.endsWith('manifest.json')), ...scratch];
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(folder: string, args: readonly string[], env: Record<string, string> = {}) {
  const watch = join(packageRoot, 'tests', 'cli', 'write-peak.ts');
  return execa(process.execPath, ['--import', watch, join(packageRoot, 'cli', 'main.ts'), ...args], {
    cwd: folder,
    stdin: 'ignore',
    reject: false,
    env: { CONTENDER_HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'config'), ...env },
  });
}

const words =
  'ledger harbour walnut piano cotton glacier meadow engine violet compass bakery lantern tunnel orchard rocket saddle'.split(
    ' ',
  );

/** A text of 14 words that depends on the number alone; no two are near duplicates. */
export function textOf(number: number): string {
  let state = number + 1;
  const picked = Array.from({ length: 14 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return words[Math.floor(state / 65_536) % words.length];
  });
  return `ticket ${number} says ${picked.join(' ')}`;
}

/** Rows of `textOf` as JSON Lines, in three classes. */
export function ticketLines(count: number, from = 0): string {
  return Array.from({ length: count }, (_, index) => ticketLine(from + index)).join('');
}

export function ticketLine(number: number, change: object = {}): string {
  return `${JSON.stringify({ text: textOf(number), label: `class ${number % 3}`, ...change })}\n`;
}
