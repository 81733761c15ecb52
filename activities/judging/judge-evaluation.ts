// Judges compare the candidate of an evaluation with every baseline, in this process.
import type { EvaluationInput, EvaluationJudge } from '../../domain/evaluation.ts';
import type { JudgedPair, JudgeShardResult, SpentByJudge } from '../../domain/judge-stage.ts';
import type { ScorecardRef } from '../../domain/scorecard.ts';
import type { ActivityDeps } from '../deps.ts';
import { judgeShard } from './judge-shard.ts';
import { summarisePair, totalOf } from './summarise-pair.ts';

export interface JudgingWatch {
  readonly signal: AbortSignal;
  /** Called after each shard, with the rows of the pair that are judged. */
  readonly onJudged?: ((otherId: string, rows: number) => void) | undefined;
}

/**
 * Nothing where the evaluation has no judge. Pairs and their shards follow one another, so that no judge ever spends more
 * than its budget. What was judged before under the same key is read and not asked again.
 */
export async function judgeEvaluation(
  deps: ActivityDeps,
  input: EvaluationInput,
  scorecards: readonly ScorecardRef[],
  watch: JudgingWatch,
): Promise<JudgedPair[]> {
  const { judge } = input;
  const candidate = scorecards.find(({ kind }) => kind === 'candidate');
  if (judge === undefined || candidate === undefined) {
    return [];
  }
  const pairs: JudgedPair[] = [];
  for (const other of scorecards.filter(({ kind }) => kind === 'baseline')) {
    const before = totalOf(pairs.map(({ spent }) => spent));
    pairs.push(await judgePair(deps, input, { judge, candidate, other, before }, watch));
  }
  return pairs;
}

interface Pairing {
  readonly judge: EvaluationJudge;
  readonly candidate: ScorecardRef;
  readonly other: ScorecardRef;
  /** Spent on the pairs before. */
  readonly before: SpentByJudge;
}

async function judgePair(
  deps: ActivityDeps,
  { key: runKey, suite, rows, shardRows, cacheEpoch }: EvaluationInput,
  { judge: { block: judge, humanLabels }, candidate, other, before }: Pairing,
  { signal, onJudged }: JudgingWatch,
): Promise<JudgedPair> {
  const pair = { runKey, suite, judge, candidate, other };
  const shards: JudgeShardResult[] = [];
  for (let from = 0; from < rows; from += shardRows) {
    const to = Math.min(from + shardRows, rows);
    const spent = totalOf([before, ...shards.map((shard) => shard.spent)]);
    const stopped = shards.at(-1)?.stopped ?? null;
    const again = stopped === null ? {} : { stopped };
    shards.push(
      await judgeShard(deps, { ...pair, ...again, cacheEpoch, spent, shard: shards.length, from, to }, { signal }),
    );
    onJudged?.(other.armId, to);
  }
  return await summarisePair(deps, { ...pair, shards, ...(humanLabels === undefined ? {} : { humanLabels }) });
}
