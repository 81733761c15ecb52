// What commands load before they do anything: packages that take long to load are reached by import() alone.
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { importsOf, readSources } from './source-imports.ts';

const imports = Map.groupBy(
  (await readSources()).flatMap((source) => importsOf(source)).filter(({ typeOnly, dynamic }) => !typeOnly && !dynamic),
  ({ from }) => from,
);

/** Files and packages that are loaded with a file, each with the file that imports it. */
function loadedWith(entry: string): Map<string, string> {
  const loaded = new Map([[entry, '']]);
  for (const path of loaded.keys()) {
    for (const { to } of imports.get(path) ?? []) {
      if (!loaded.has(to)) {
        loaded.set(to, path);
      }
    }
  }
  return loaded;
}

/** The way from the entry to what should not be loaded: `a ← b ← entry`. */
function waysTo(pattern: RegExp, entry: string): string[] {
  const loaded = loadedWith(entry);
  return [...loaded.keys()]
    .filter((name) => pattern.test(name))
    .map((name) => {
      const way: string[] = [];
      for (let at = name; at !== ''; at = loaded.get(at) ?? '') {
        way.push(at);
      }
      return way.join(' ← ');
    });
}

/** Each takes from 40 to 600 ms of CPU to load; @ai-sdk/provider has only types and error classes. */
const slow =
  /^(?:@temporalio\/|@kubernetes\/|@aws-sdk\/|@ai-sdk\/(?!provider$)|@anthropic-ai\/|openai$|replicate$|vega|execa$)/u;
const workerOnly = /^(?:@temporalio\/(?:worker|activity)|@kubernetes\/|@ai-sdk\/|@anthropic-ai\/|openai$|vega)/u;

describe('the start of a command', () => {
  it('is followed at all', () => {
    expect(loadedWith('cli/eval.ts').has('activities/clients/chat-client.ts')).toBe(true);
    expect(waysTo(/^@temporalio\/worker$/u, 'infra/worker.ts')).not.toEqual([]);
  });

  it.each(['cli/main.ts', 'cli/eval.ts', 'cli/validate.ts', 'cli/suites.ts', 'cli/models.ts', 'cli/routes.ts'])(
    'with %s loads neither Temporal nor any vendor’s package',
    (entry) => {
      expect(waysTo(slow, entry)).toEqual([]);
    },
  );

  it.each(['cli/run.ts', 'cli/run-control.ts', 'cli/services.ts', 'cli/schedule.ts', 'cli/doctor.ts'])(
    'with %s loads nothing that only workers need',
    (entry) => {
      expect(waysTo(workerOnly, entry)).toEqual([]);
    },
  );
});

const names = (program: Command): string[] => program.commands.map((command) => command.name());
const all = names(await createProgram());

describe('the program', () => {
  it.each(all)('has the command %s when it is invoked, and fewer than all', async (name) => {
    const loaded = names(await createProgram(['--json', '--store', 'file:///tmp/store', name, '--help']));
    expect(loaded).toContain(name);
    expect(loaded.length).toBeLessThan(5);
  });

  it.each([[[]], [['--help']], [['help', 'run']], [['runn']], [['constructor']], [['--unknown', 'run']]])(
    'has all commands when the arguments are %j',
    async (args) => {
      expect(names(await createProgram(args))).toEqual(all);
    },
  );

  it('takes the value of a flag for no command', async () => {
    expect(names(await createProgram(['--store', 'run', 'validate']))).toEqual(['validate']);
  });
});
