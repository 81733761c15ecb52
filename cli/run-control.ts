// contender status, cancel and report: runs that are under way or done.
import type { Command } from 'commander';
import { WorkflowNotFoundError } from '@temporalio/client';
import { BadInput } from '../domain/bad-input.ts';
import { searchAttributes, workflowTypes } from '../domain/names.ts';
import type { RunProgress } from '../domain/run.ts';
import { connectClient } from '../infra/connection.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { placeOf } from './store-place.ts';

export function addRunControlCommands(program: Command): void {
  program
    .command('status')
    .description('the runs that Temporal knows, newest first; with an id the stages of one')
    .argument('[workflow-id]')
    .option('--limit <n>', 'runs to list', '10')
    .action(async (id: string | undefined, options: { limit: string }, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const limit = checkedLimit(options.limit);
        const { client, connection } = await connectClient(settings);
        try {
          if (id !== undefined) {
            const { stages } = await client.workflow
              .getHandle(id)
              .query<RunProgress>('stages')
              .catch((error: unknown) => rethrow(error, id));
            terminal.result(
              terminal.json
                ? JSON.stringify(stages)
                : stages.map(({ stage, state, note }) => `${stage.padEnd(9)} ${state.padEnd(9)} ${note}`).join('\n'),
            );
            return exitCodes.done;
          }
          const runs: object[] = [];
          const types = [workflowTypes.contend, workflowTypes.nightly].map((type) => `"${type}"`).join(', ');
          for await (const run of client.workflow.list({ query: `WorkflowType IN (${types})` })) {
            const attribute = (key: (typeof searchAttributes)['stage' | 'verdict']): string =>
              run.typedSearchAttributes.get(key) ?? '';
            runs.push({
              workflowId: run.workflowId,
              status: run.status.name,
              stage: attribute(searchAttributes.stage),
              verdict: attribute(searchAttributes.verdict),
              started: run.startTime.toISOString(),
            });
            if (runs.length >= limit) {
              break;
            }
          }
          terminal.result(
            terminal.json
              ? JSON.stringify(runs)
              : runs.length === 0
                ? 'no run yet'
                : runs.map((run) => Object.values(run).join('  ')).join('\n'),
          );
          return exitCodes.done;
        } finally {
          await connection.close();
        }
      });
    });

  program
    .command('cancel')
    .description('cancel a run; its trainer and servers are stopped, its checkpoints kept')
    .argument('<workflow-id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const { client, connection } = await connectClient(settings);
        try {
          const handle = client.workflow.getHandle(id);
          const { status } = await handle.describe().catch((error: unknown) => rethrow(error, id));
          if (status.name === 'RUNNING') {
            await handle.cancel();
            await handle.result().catch(() => undefined);
          }
          terminal.result(
            terminal.json
              ? JSON.stringify({ workflowId: id, was: status.name })
              : status.name === 'RUNNING'
                ? `${id} is cancelled`
                : `${id} was ${status.name.toLowerCase()} already`,
          );
          return exitCodes.done;
        } finally {
          await connection.close();
        }
      });
    });

  program
    .command('report')
    .description('print where the report of a run is')
    .argument('<run-key>')
    .action(async (runKey: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const key = `runs/${runKey}/report.html`;
        if ((await store.get(key)) === undefined) {
          throw new BadInput(`run ${runKey} has no report`, { where: 'run-key', hint: 'a run writes it at its end' });
        }
        const path = placeOf(store, key);
        terminal.result(terminal.json ? JSON.stringify({ report: path }) : path);
        return exitCodes.done;
      });
    });
}

function checkedLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new BadInput(`"${text}" is not a number of runs`, { where: '--limit', hint: 'use 1 or more' });
  }
  return limit;
}

function rethrow(error: unknown, id: string): never {
  if (error instanceof WorkflowNotFoundError) {
    throw new BadInput(`there is no run ${id}`, { where: 'workflow-id', hint: '`contender status` lists the runs' });
  }
  throw error;
}
