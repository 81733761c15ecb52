// contender suites: the suites that come with Contender, and the check of a suite file.
import Table from 'cli-table3';
import type { Command } from 'commander';
import { judgesOf } from '../domain/recipe-judge.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { loadSuite, type LoadedSuite } from './load-suite.ts';
import { shippedSuites, suitePath, type ShippedSuite } from './shipped-suites.ts';

export function addSuiteCommands(program: Command): void {
  const suites = program.command('suites').description('suites of rows that arms are compared on: list, validate');
  suites
    .command('list')
    .description('list the suites that come with Contender')
    .action(async (_options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal }) => {
        const found = await shippedSuites();
        terminal.result(
          terminal.json ? JSON.stringify(found.map(({ path, file }) => ({ path, ...file }))) : suiteTable(found),
        );
        return exitCodes.done;
      });
    });
  suites
    .command('validate')
    .description('check a suite file and all its rows, and say what it holds')
    .argument('<suite>', 'suite file, or the name of a suite that `list` shows')
    .action(async (nameOrPath: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const loaded = await loadSuite(await suitePath(nameOrPath), store);
        const summary = summarise(loaded);
        terminal.result(
          terminal.json
            ? JSON.stringify(summary)
            : Object.entries(summary)
                .map(([name, value]) => `${`${name}:`.padEnd(10)} ${[value].flat().join(', ')}`)
                .join('\n'),
        );
        return exitCodes.done;
      });
    });
}

function suiteTable(suites: readonly ShippedSuite[]): string {
  const table = new Table({
    head: ['suite', 'task', 'licence', 'what'],
    style: { head: [], border: [], compact: true },
  });
  for (const { file } of suites) {
    table.push([file.name, file.task, file.licence ?? 'unknown', file.description ?? '']);
  }
  return table.toString();
}

/** What a suite holds, in figures. */
function summarise({
  path,
  file,
  suite,
  read,
  dropped,
}: LoadedSuite): Readonly<Record<string, string | number | readonly string[]>> {
  const groups = new Set(suite.rows.map(({ group }) => group).filter((group) => group !== undefined));
  return {
    suite: suite.name,
    path,
    task: suite.task,
    rows: suite.rows.length,
    of: read,
    dropped,
    groups: groups.size,
    labels: suite.labels.length,
    shots: suite.shots.length,
    scorers: suite.scorers,
    ...(file.judge === undefined ? {} : { judges: judgesOf(file.judge).map(({ label }) => label) }),
    slices: suite.slices,
    repeats: suite.repeats,
    licence: file.licence ?? 'unknown',
    sha256: suite.sha256,
  };
}
