// contender schedule: nightly regression evaluations as Temporal Schedules.
import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import { metricFacts } from '../domain/metrics.ts';
import { controlQueue, scheduleId, searchAttributes, workflowTypes } from '../domain/names.ts';
import type { NightlyInput } from '../domain/nightly.ts';
import { connectClient, type Connected } from '../infra/connection.ts';
import { servicesUp } from '../infra/services.ts';
import { runCommand, type CommandContext } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadRecipe } from './load-recipe.ts';
import { runTimeouts } from './run-timeouts.ts';

/** A night missed by more than this is skipped: yesterday's regression check is of no use at noon. */
const catchupWindow = '10 minutes';

export function addScheduleCommands(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('nightly regression evaluations: create, list, trigger, delete');
  schedule
    .command('create')
    .description('evaluate the champion of the recipe’s route and its baselines again, at set times')
    .argument('<recipe>', 'recipe file')
    .requiredOption('--cron <expression>', 'when, for example "0 2 * * *"')
    .option('--timezone <name>', 'IANA name of the time zone of the expression', 'UTC')
    .action(async (path: string, options: { cron: string; timezone: string }, command: Command) => {
      await runCommand(command, async (context) => {
        const { recipe } = await loadRecipe(path);
        if (recipe.route === undefined) {
          throw new BadInput('the recipe has no route, so there is no champion to evaluate', {
            where: `${path}: route`,
            hint: 'add a `route` block, and run the recipe until a candidate is promoted',
          });
        }
        if (metricFacts[recipe.gate.metric].shape === 'paired') {
          throw new BadInput(`nights are not judged, so ${recipe.gate.metric} cannot decide about them`, {
            where: `${path}: gate.metric`,
            hint: 'schedule a recipe with another metric',
          });
        }
        const input: NightlyInput = {
          recipeName: recipe.name,
          route: recipe.route.name,
          gpuQueue: recipe.train.queue,
          shardRows: recipe.evaluate.shard_rows,
          timeouts: runTimeouts(recipe),
        };
        return await create(context, input, options);
      });
    });
  schedule
    .command('list')
    .description('the schedules there are')
    .action(async (_options: unknown, command: Command) => {
      await runCommand(
        command,
        async (context) =>
          await withClient(context, async ({ client }) => {
            const found: object[] = [];
            for await (const { scheduleId: id, info } of client.schedule.list()) {
              if (id.startsWith('contender-')) {
                found.push({
                  id,
                  next: info.nextActionTimes[0]?.toISOString() ?? 'never',
                  last: info.recentActions.at(-1)?.takenAt.toISOString() ?? 'never',
                });
              }
            }
            context.terminal.result(
              context.terminal.json
                ? JSON.stringify(found)
                : found.length === 0
                  ? 'no schedule yet'
                  : found
                      .map((one) =>
                        Object.entries(one)
                          .map(([key, value]) => `${key} ${String(value)}`)
                          .join('  '),
                      )
                      .join('\n'),
            );
            return exitCodes.done;
          }),
      );
    });
  schedule
    .command('trigger')
    .description('run a nightly evaluation now')
    .argument('<recipe-name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      await runCommand(
        command,
        async (context) =>
          await withClient(context, async ({ client }) => {
            await client.schedule
              .getHandle(scheduleId(name))
              .trigger(ScheduleOverlapPolicy.SKIP)
              .catch((error: unknown) => rethrow(error, name));
            context.terminal.result(
              context.terminal.json
                ? JSON.stringify({ triggered: scheduleId(name) })
                : `triggered; \`contender status\` shows it`,
            );
            return exitCodes.done;
          }),
      );
    });
  schedule
    .command('delete')
    .description('remove a schedule; nights under way go on')
    .argument('<recipe-name>')
    .action(async (name: string, _options: unknown, command: Command) => {
      await runCommand(
        command,
        async (context) =>
          await withClient(context, async ({ client }) => {
            await client.schedule
              .getHandle(scheduleId(name))
              .delete()
              .catch((error: unknown) => rethrow(error, name));
            context.terminal.result(
              context.terminal.json ? JSON.stringify({ deleted: scheduleId(name) }) : `deleted ${scheduleId(name)}`,
            );
            return exitCodes.done;
          }),
      );
    });
}

async function create(
  context: CommandContext,
  input: NightlyInput,
  { cron, timezone }: { cron: string; timezone: string },
): Promise<ExitCode> {
  const { terminal, settings } = context;
  await servicesUp(settings, { gpuQueues: [{ queue: input.gpuQueue }] });
  return await withClient(context, async ({ client }) => {
    const id = scheduleId(input.recipeName);
    const spec = { cronExpressions: [cron], timezone, jitter: '1 minute' };
    const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow, pauseOnFailure: true };
    const action = {
      type: 'startWorkflow' as const,
      workflowType: workflowTypes.nightly,
      workflowId: id,
      taskQueue: controlQueue,
      args: [input],
      staticSummary: `nightly evaluation of ${input.route}`,
      typedSearchAttributes: [{ key: searchAttributes.recipe, value: input.recipeName }],
    };
    const handle = client.schedule.getHandle(id);
    const exists = await handle.describe().then(
      () => true,
      () => false,
    );
    try {
      await (exists
        ? handle.update((previous) => ({ ...previous, spec, policies, action }))
        : client.schedule.create({ scheduleId: id, spec, policies, action, memo: { recipe: input.recipeName } }));
    } catch (error) {
      throw new BadInput(
        `the schedule was refused: ${error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)}`,
        {
          where: '--cron',
          hint: 'use five fields, for example "0 2 * * *" for every night at two',
        },
      );
    }
    terminal.result(
      terminal.json
        ? JSON.stringify({ id, cron, timezone, updated: exists })
        : `${exists ? 'updated' : 'created'} ${id}: ${cron} (${timezone})`,
    );
    return exitCodes.done;
  });
}

async function withClient(
  context: CommandContext,
  body: (connected: Connected) => Promise<ExitCode>,
): Promise<ExitCode> {
  const connected = await connectClient(context.settings);
  try {
    return await body(connected);
  } finally {
    await connected.connection.close();
  }
}

function rethrow(error: unknown, name: string): never {
  if (error instanceof ScheduleNotFoundError) {
    throw new BadInput(`there is no schedule for ${name}`, {
      where: 'recipe-name',
      hint: '`contender schedule list` shows those there are',
    });
  }
  throw error;
}
