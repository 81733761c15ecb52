// The activity in which one arm answers one shard of rows.
import { Context } from '@temporalio/activity';
import { baselineOf } from '../evals/arms.ts';
import type { AskInput, AskResult } from '../domain/stage-inputs.ts';
import { askShard } from './asking/ask-shard.ts';
import type { ActivityDeps } from './deps.ts';
import { readRecipe } from './run-inputs.ts';

export async function ask(deps: ActivityDeps, input: AskInput): Promise<AskResult> {
  const context = Context.current();
  let answered = 0;
  const heartbeats = setInterval(() => context.heartbeat({ arm: input.arm.id, answered }), 1000);
  try {
    return await askShard(deps, await selfContained(deps, input), {
      signal: context.cancellationSignal,
      onAnswered: () => {
        answered += 1;
      },
    });
  } finally {
    clearInterval(heartbeats);
  }
}

/** Runs that were started before arms named their endpoints find them in the recipe. */
async function selfContained({ store }: ActivityDeps, input: AskInput): Promise<AskInput> {
  if (input.arm.endpoint !== undefined || !('recipe' in input)) {
    return input;
  }
  const endpoint = baselineOf(await readRecipe(store, input.recipe), input.arm);
  return endpoint === undefined ? input : { ...input, arm: { ...input.arm, endpoint } };
}
