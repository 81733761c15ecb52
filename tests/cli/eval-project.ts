// A suite of numbered rows and a way to run `contender eval` on it, for the tests of evaluations.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { packageRoot } from '../../infra/settings.ts';

export interface EvalProject {
  readonly folder: string;
  /** Arguments and the running process. */
  start(args: readonly string[], env?: Record<string, string>): ReturnType<typeof startEval>;
  writeSuite(name: string, rows: readonly object[], change?: object): Promise<string>;
  remove(): Promise<void>;
}

export interface EvalJson {
  readonly key: string;
  readonly exitCode: number;
  readonly report: string;
  readonly verdict: {
    readonly kind: string;
    readonly sentence: string;
    readonly vetoes: readonly string[];
  };
  readonly scorecards: readonly {
    readonly arm: { readonly id: string };
    readonly n: number;
    readonly correct: number;
    readonly errors: number;
    readonly parseFailures: number;
  }[];
}

/** Rows whose right answer is even or odd. */
export const numberedRows = (count: number): { id: string; text: string; label: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    text: `number ${index}`,
    label: index % 2 === 0 ? 'even' : 'odd',
  }));

/** The right answer to a row of `numberedRows`. */
export const rightAnswer = (text: string): string => (Number(text.replaceAll(/\D/gu, '')) % 2 === 0 ? 'even' : 'odd');

export async function createEvalProject(): Promise<EvalProject> {
  const folder = await mkdtemp(join(tmpdir(), 'contender-eval-'));
  return {
    folder,
    start: (args, env = {}) => startEval(folder, args, env),
    async writeSuite(name, rows, change = {}) {
      await writeFile(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const path = join(folder, `${name}.yaml`);
      const suite = {
        name,
        task: 'classification',
        rows: { path: `${name}.jsonl`, map: { id: 'id', input: 'text', output: 'label' } },
        prompt: { user: 'Even or odd?\nText: {input}' },
        scorers: ['exact_match'],
        max_tokens: 8,
        timeout_s: 5,
        ...change,
      };
      await writeFile(path, stringify(suite));
      return path;
    },
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

function startEval(folder: string, args: readonly string[], env: Record<string, string>) {
  return execa(process.execPath, [join(packageRoot, 'cli', 'main.ts'), 'eval', ...args], {
    cwd: folder,
    stdin: 'ignore',
    reject: false,
    env: { CONTENDER_HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'config'), ...env },
  });
}
