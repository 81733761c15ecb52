// Asks the trainer's Python something about rows and a base that is no training, and reads the JSON that it prints.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { BadInput } from '../domain/bad-input.ts';
import { Fault } from '../domain/fault.ts';
import { inspectionFailureSchema } from '../domain/preflight.ts';
import type { Recipe } from '../domain/recipe.ts';
import { trainerConfigSchema, type TrainerConfig } from '../domain/training.ts';
import { packageRoot, type Settings } from './settings.ts';

export type TrainerModule = 'trainer.inspect' | 'trainer.count_tokens';

/** What of the environment the trainer's Python needs; no keys or tokens. */
const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'OMP_NUM_THREADS', 'LD_LIBRARY_PATH'];

/**
 * Runs `python -m MODULE` with the config that `prepare` makes. Rows that it writes lie in a private scratch folder
 * meanwhile, which is removed. Throws BadInput for what the trainer would refuse, and a Fault when Python itself fails.
 */
export async function askTrainer(
  settings: Pick<Settings, 'python' | 'environment'>,
  module: TrainerModule,
  prepare: (scratch: string) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<unknown> {
  const scratch = await mkdtemp(join(tmpdir(), 'contender-look-'));
  try {
    const config = join(scratch, 'config.json');
    await writeFile(config, JSON.stringify(await prepare(scratch)), { mode: 0o600 });
    const environment = Object.fromEntries(
      passed.flatMap((name) => (settings.environment[name] === undefined ? [] : [[name, settings.environment[name]]])),
    );
    const result = await execa(settings.python, ['-m', module, '--config', config], {
      cwd: packageRoot,
      env: { ...environment, HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false', PYTHONDONTWRITEBYTECODE: '1' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    return outcomeOf(result.stdout, result.code === 'ENOENT', `${String(result.exitCode)}: ${lastLine(result.stderr)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The block as the trainer takes it; a container's own trainer is looked at as ours would be. */
export function lookedAtSettings({ train }: Pick<Recipe, 'train'>): TrainerConfig['train'] {
  return trainerConfigSchema.shape.train.strip().parse({
    ...train,
    backend: 'peft',
    eval_steps: null,
    early_stopping_patience: null,
    logging_steps: 1,
  });
}

function outcomeOf(stdout: string, missing: boolean, how: string): unknown {
  if (missing) {
    throw new BadInput('the trainer’s Python is not installed', { hint: 'run `npm run setup` once' });
  }
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch (cause) {
    throw new Fault(`the trainer could not look at the recipe (exit code ${how})`, {
      hint: '`contender doctor` checks the trainer’s environment',
      cause,
    });
  }
  const failed = inspectionFailureSchema.safeParse(answer);
  if (failed.success) {
    const { kind, message } = failed.data.failure;
    throw new BadInput(message, kind === 'base_model_error' ? { where: 'model.base' } : {});
  }
  return answer;
}

/** The type of what Python raised; its text might quote a row. */
function lastLine(stderr: string): string {
  return /^([\w.]+)(?::|$)/u.exec(stderr.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? 'no message';
}
