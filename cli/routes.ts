// contender routes, and route resolve, history, set and rollback.
import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { BadInput } from '../domain/bad-input.ts';
import { privacySchema, type LogEntry, type Privacy, type RouteState } from '../domain/registry.ts';
import { appendEntry } from '../registry/log.ts';
import { getModelVersion } from '../registry/models.ts';
import { readLog } from '../registry/read-log.ts';
import { resolveRoute } from '../registry/resolve.ts';
import { routeAt, routeHistory, routeStates } from '../registry/routes.ts';
import type { ObjectStore } from '../registry/store.ts';
import { runCommand, type CommandContext } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export function addRouteCommands(program: Command): void {
  program
    .command('routes')
    .description('list the routes and the model versions that hold them')
    .action(async (_options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const states = [...routeStates(await readLog(store)).values()];
        if (terminal.json) {
          terminal.result(JSON.stringify(states));
        } else {
          terminal.result(
            states.length === 0
              ? 'no route yet; `contender run RECIPE` promotes the first'
              : states.map((state) => describe(state)).join('\n'),
          );
        }
        return exitCodes.done;
      });
    });

  const route = program.command('route').description('one route: resolve, history, set, rollback');
  route
    .command('resolve')
    .description('which model version serves a task')
    .argument('<task>', 'route name, for example medical-coding/chapter')
    .option('--at <time>', 'as the log stood then, ISO 8601, for example 2026-01-31T12:00:00Z')
    .option('--privacy <level>', 'most sensitive data in the request: public, internal or restricted')
    .action(async (task: string, options: { at?: string; privacy?: string }, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const states = statesAt(await readLog(store), task, options.at);
        const privacy = options.privacy === undefined ? undefined : checkedPrivacy(options.privacy);
        const resolution = resolveRoute(states, { task, privacy: privacy ?? states.get(task)?.privacy });
        if (terminal.json) {
          terminal.result(JSON.stringify(resolution));
        } else if (resolution.outcome === 'resolved') {
          terminal.result(
            resolution.targets.map(({ modelVersion, reason }) => `${modelVersion}  ${reason}`).join('\n'),
          );
        } else {
          terminal.complain(`refused: ${resolution.reason}`);
        }
        return resolution.outcome === 'resolved' ? exitCodes.done : exitCodes.fault;
      });
    });
  route
    .command('history')
    .description('who moved a route, when, and on what evidence')
    .argument('<task>')
    .action(async (task: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const entries = routeHistory(await readLog(store), task);
        terminal.result(
          terminal.json
            ? JSON.stringify(entries)
            : entries
                .map(
                  (entry) =>
                    `${String(entry.seq).padStart(4)}  ${entry.at}  ${entry.from ?? '(none)'} → ${entry.to}  by ${entry.actor}${entry.standInBaseline ? ', against a stand-in' : ''}\n      ${entry.reason}`,
                )
                .join('\n'),
        );
        return exitCodes.done;
      });
    });
  route
    .command('set')
    .description('move a route by hand; fails when it does not stand where --from says')
    .argument('<task>')
    .argument('<model-version>', 'name@version to put in place')
    .requiredOption('--from <model-version>', 'the champion you expect, or "none"')
    .requiredOption('--reason <text>', 'goes to the registry log')
    .action(async (task: string, to: string, options: { from: string; reason: string }, command: Command) => {
      await runCommand(
        command,
        async (context) =>
          await move(context, {
            task,
            to,
            from: options.from === 'none' ? null : options.from,
            reason: options.reason,
          }),
      );
    });
  route
    .command('rollback')
    .description('put the previous champion back: one more entry in the log')
    .argument('<task>')
    .requiredOption('--reason <text>', 'goes to the registry log')
    .action(async (task: string, options: { reason: string }, command: Command) => {
      await runCommand(command, async (context) => {
        const state = routeStates(await readLog(context.store)).get(task);
        if (state === undefined || state.previous === null) {
          throw new BadInput(`route ${task} has no previous champion`, {
            where: task,
            hint: '`contender route history` shows its moves',
          });
        }
        return await move(context, { task, to: state.previous, from: state.champion, reason: options.reason });
      });
    });
}

interface Move {
  readonly task: string;
  readonly to: string;
  readonly from: string | null;
  readonly reason: string;
}

async function move({ terminal, store }: CommandContext, { task, to, from, reason }: Move): Promise<ExitCode> {
  const model = await getModelVersion(store, to);
  if (model === undefined) {
    throw new BadInput(`model version ${to} is not in the registry`, {
      where: to,
      hint: '`contender models` lists those that are',
    });
  }
  const moved = await appendEntry(store, {
    commitId: `hand-${crypto.randomUUID()}`,
    route: task,
    from,
    to,
    privacy: await privacyOf(store, task),
    verdictRef: model.lineage.verdict,
    actor: userInfo().username,
    reason,
    standInBaseline: model.lineage.standInBaseline,
    at: new Date().toISOString(),
  });
  if (moved.outcome === 'lost') {
    terminal.complain(
      `the route stands at ${moved.champion ?? 'nothing'}, not at ${from ?? 'nothing'}; nothing was moved`,
    );
    return exitCodes.fault;
  }
  terminal.result(
    terminal.json ? JSON.stringify(moved.entry) : `route ${task} → ${to} (registry entry ${moved.entry.seq})`,
  );
  return exitCodes.done;
}

async function privacyOf(store: ObjectStore, task: string): Promise<Privacy> {
  return routeStates(await readLog(store)).get(task)?.privacy ?? 'internal';
}

function checkedPrivacy(text: string): Privacy {
  const parsed = privacySchema.safeParse(text);
  if (!parsed.success) {
    throw new BadInput(`"${text}" is not a privacy level`, {
      where: '--privacy',
      hint: `use ${privacySchema.options.join(', ')}`,
    });
  }
  return parsed.data;
}

function describe(state: RouteState): string {
  return `${state.route}  →  ${state.champion}  since ${state.since}, privacy ${state.privacy}${state.standInBaseline ? ', won against a stand-in' : ''}`;
}

/** All routes as they stand, or the one asked for as it stood at a time. */
function statesAt(
  entries: readonly LogEntry[],
  task: string,
  time: string | undefined,
): ReadonlyMap<string, RouteState> {
  if (time === undefined) {
    return routeStates(entries);
  }
  const state = routeAt(entries, task, time);
  return new Map(state === undefined ? [] : [[task, state]]);
}
