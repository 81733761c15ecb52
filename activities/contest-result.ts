// The stored result of a contest: found before a server is started, kept once every row of every arm has an answer.
import { stageKey } from '../domain/refs.ts';
import { contestResultSchema, type ContestResult } from '../domain/stage-inputs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import type { ActivityDeps } from './deps.ts';

export async function findContest({ store }: ActivityDeps, runKey: string): Promise<ContestResult | null> {
  return (await getJson(store, stageKey(runKey, 'evaluate'), contestResultSchema)) ?? null;
}

/** A contest with unanswered rows is not kept: the next run of this recipe asks for them again. */
export async function keepContest(
  { store }: ActivityDeps,
  runKey: string,
  result: ContestResult,
): Promise<ContestResult> {
  return result.scorecards.some(({ errors }) => errors > 0)
    ? result
    : await commitOnce(store, stageKey(runKey, 'evaluate'), result, contestResultSchema);
}
