// Judged pairs as the gate takes them.
import { judgementSummarySchema, rowJudgementSchema } from '../../domain/judgement.ts';
import type { JudgedPair } from '../../domain/judge-stage.ts';
import type { GateRecipe } from '../../domain/recipe-gate.ts';
import type { JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { Judged } from '../../evals/checks/contest.ts';
import { judgedByPanel } from '../../evals/judge/judged-by-panel.ts';
import { judgeDigest } from '../../evals/judge/prompt.ts';
import { getBlob } from '../../registry/blobs.ts';
import { parseStored } from '../../registry/json.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { parseLines } from '../json-lines.ts';

/**
 * What judges said of the candidate and each other arm, by the id of that arm. Throws RangeError when a pair was judged by
 * another judge than this one.
 */
export async function readJudged(
  store: ObjectStore,
  pairs: readonly Pick<JudgedPair, 'summary'>[],
  policy: GateRecipe,
  judge: JudgeRecipe,
): Promise<Map<string, Judged>> {
  const judged = new Map<string, Judged>();
  for (const { summary: ref } of pairs) {
    const summary = parseStored(ref.key, await getBlob(store, ref), judgementSummarySchema);
    if (summary.digest !== judgeDigest(judge)) {
      throw new RangeError(`arm ${summary.other} was judged by another judge: judge all rows again`);
    }
    const rows = parseLines(await getBlob(store, summary.judgements), rowJudgementSchema);
    judged.set(summary.other, judgedByPanel({ policy, judge, summary, rows }));
  }
  return judged;
}
