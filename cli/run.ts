// contender run RECIPE: the whole contest, with its services.
import type { Command } from 'commander';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { serverTarget, connectClient } from '../infra/connection.ts';
import { servicesDown, servicesUp } from '../infra/services.ts';
import { heldVariablesOf } from '../domain/provider-keys.ts';
import type { BaselineRecipe } from '../domain/recipe-baseline.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { RunInput, RunOutcome } from '../domain/run.ts';
import { BadInput } from '../domain/bad-input.ts';
import { withBaseline } from './baseline-flag.ts';
import { runCommand, type CommandContext } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { followRun } from './follow-run.ts';
import { loadRecipe } from './load-recipe.ts';
import { planRun } from './plan-run.ts';
import { createRunView } from './run-view.ts';
import { requireJudge } from './require-judge.ts';
import { requireTeacher } from './require-teacher.ts';
import { requireFit } from './require-fit.ts';
import { curationVariables } from './store-sources.ts';
import { startRun } from './start-run.ts';
import { summarise } from './summarise.ts';
import { addOutputFlags, type OutputFlags } from './write-outputs.ts';

interface RunOptions extends OutputFlags {
  readonly fresh?: boolean;
  readonly baseline?: string;
  readonly detach?: boolean;
  readonly force?: boolean;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('curate, train, evaluate, decide, and let a winner take the route')
    .argument('<recipe>', 'recipe file')
    .option('--fresh', 'run anew although results of this recipe are there')
    .option('--baseline <provider/model>', 'replace the recipe’s baselines, for example openai/gpt-6.1-terra')
    .option('--force', 'run a plan that does not fit, as far as `contender plan` can tell')
    .option('--detach', 'start the run and return; see it with `contender status`');
  addOutputFlags(command).action(async (path: string, options: RunOptions, self: Command) => {
    await runCommand(self, (context) => run(context, path, options));
  });
}

async function run(
  { terminal, settings, store }: CommandContext,
  path: string,
  options: RunOptions,
): Promise<ExitCode> {
  if (options.detach === true && (options.junit !== undefined || options.markdown !== undefined)) {
    throw new BadInput('a run that is left to itself has no verdict to write yet', {
      where: '--detach',
      hint: '`contender gate --from RUN --junit FILE` writes it once the run is done',
    });
  }
  const loaded = withBaseline(await loadRecipe(path), options.baseline, settings.environment);
  requireJudge(loaded, settings.environment);
  requireTeacher(loaded, settings.environment);
  for (const remark of loaded.remarks ?? []) {
    terminal.say(terminal.colors.dim(remark));
  }
  const curationKeys = await curationVariables(settings, loaded.recipe.dataset);
  if (options.force !== true) {
    await requireFit(settings, store, loaded);
  }
  const plan = await planRun(settings, store, loaded, { fresh: options.fresh === true });
  const started = await servicesUp(settings, {
    gpuQueues: [{ queue: plan.gpuQueue }],
    keysNeeded: [
      ...providersOf(loaded.recipe).flatMap((one) => heldVariablesOf(one, settings.environment) ?? []),
      ...hubVariables(plan, settings.environment),
      ...curationKeys,
    ],
    onEvent: ({ service, state }) => state !== 'running' && terminal.say(terminal.colors.dim(`${service}: ${state}`)),
  });
  const { client, connection, target } = await connectClient(settings);
  try {
    const handle = await startRun(client, plan);
    terminal.say(`run ${plan.runKey} of ${plan.recipeName}`);
    if (serverTarget(settings).own) {
      terminal.say(
        terminal.colors.dim(
          `Temporal UI: http://127.0.0.1:${settings.temporalUiPort}/namespaces/${target.namespace}/workflows/${handle.workflowId}`,
        ),
      );
    }
    if (options.detach === true) {
      terminal.result(
        terminal.json ? JSON.stringify({ workflowId: handle.workflowId, runKey: plan.runKey }) : handle.workflowId,
      );
      return exitCodes.done;
    }
    const outcome = await followUntilDone({ terminal, settings, store }, client, handle, started.length > 0);
    return outcome === 'interrupted'
      ? exitCodes.interrupted
      : await summarise({ terminal, settings, store }, plan, outcome, options);
  } finally {
    await connection.close();
  }
}

/** Everybody whom the run asks with a key: teachers, baselines and judges. */
function providersOf({ dataset, evaluate: { baselines, judge } }: Recipe): BaselineRecipe[] {
  const teachers = dataset.sources.flatMap(({ distill }) => distill?.teacher ?? []);
  return [...teachers, ...baselines, ...(judge?.panel ?? [])];
}

/** A token that we have is one that the worker needs, should the hub ask it for one. */
function hubVariables({ hub, sweep }: RunInput, environment: NodeJS.ProcessEnv): string[] {
  const fetched = hub !== undefined || (sweep?.candidates.some((candidate) => candidate.hub !== undefined) ?? false);
  return fetched && (environment['HF_TOKEN'] ?? '') !== '' ? ['HF_TOKEN'] : [];
}

/** Ctrl-C cancels the run, waits until nothing of it is left, and stops the services that this command started. */
async function followUntilDone(
  { terminal, settings }: CommandContext,
  client: Client,
  handle: WorkflowHandle,
  ownServices: boolean,
): Promise<RunOutcome | 'interrupted'> {
  const view = createRunView(terminal);
  let interrupted = false;
  const onInterrupt = (): void => {
    if (interrupted) {
      terminal.complain('left the run to itself; `contender status` shows it');
      process.exit(exitCodes.interrupted);
    }
    interrupted = true;
    view.note('cancelling the run; Ctrl-C again leaves it to itself');
    handle.cancel().catch(async (error: unknown) => terminal.complain((await explainError(error)).message));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return await followRun<RunOutcome>(client, handle, view);
  } catch (error) {
    const cancelled = error instanceof Error && error.cause instanceof CancelledFailure;
    if (!interrupted || !cancelled) {
      throw error;
    }
    if (ownServices) {
      await servicesDown(settings);
    }
    terminal.complain('the run is cancelled; run the recipe again to go on where it stopped');
    return 'interrupted';
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
