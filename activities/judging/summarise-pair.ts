// All shards of a pair of arms become one stored summary, which the gate and the report take.
import { canonicalJson } from '../../domain/canonical.ts';
import { rowJudgementSchema, type RowJudgement, type Winner } from '../../domain/judgement.ts';
import type { JudgedPair, JudgeSummaryInput, SpentByJudge } from '../../domain/judge-stage.ts';
import { judgeDigest } from '../../evals/judge/prompt.ts';
import { humanWinners, readHumanLabels } from '../../evals/judge/human-labels.ts';
import { summariseJudgements } from '../../evals/judge/summarise.ts';
import { getBlob, putBlob } from '../../registry/blobs.ts';
import { askedSuite } from '../asked-suite.ts';
import type { ActivityDeps } from '../deps.ts';
import { parseLines, toLines } from '../json-lines.ts';
import { contenderOf, judgeBlockOf } from './judge-block.ts';
import { openSide, readSides } from './read-sides.ts';

/**
 * Throws RangeError when the shards are not all rows of the suite in order, or come from another judge: judgements of two
 * judges must not be mixed. Throws BadInput when the file of labels is none.
 */
export async function summarisePair({ store }: ActivityDeps, input: JudgeSummaryInput): Promise<JudgedPair> {
  const judge = await judgeBlockOf(store, input);
  const digest = judgeDigest(judge);
  const rows: RowJudgement[] = [];
  for (const shard of input.shards) {
    if (shard.digest !== digest) {
      throw new RangeError('a shard was judged by another judge: judge all rows again');
    }
    rows.push(...parseLines(await getBlob(store, shard.judgements), rowJudgementSchema));
  }
  const suite = await askedSuite(store, input);
  if (rows.length !== suite.rows.length || rows.some(({ rowId }, at) => rowId !== suite.rows[at]?.id)) {
    throw new RangeError(`the judgements are not those of the ${suite.rows.length} rows of the suite, in order`);
  }
  const [candidate, other] = [await openSide(store, input.candidate), await openSide(store, input.other)];
  const spent = totalOf(input.shards.map((shard) => shard.spent));
  const judgements = await putBlob(store, toLines(rows));
  const summary = summariseJudgements({
    judge,
    candidate: await contenderOf(store, input, candidate.arm),
    other: await contenderOf(store, input, other.arm),
    rows,
    human: await humanOf(input.humanLabels),
    paidUsd: Object.fromEntries(Object.entries(spent).map(([id, { usd }]) => [id, usd])),
    judgements,
  });
  return {
    candidate: summary.candidate,
    other: summary.other,
    summary: await putBlob(store, canonicalJson(summary)),
    digest,
    preference: summary.preference,
    unanswered: summary.unanswered,
    spent,
  };

  async function humanOf(labels: JudgeSummaryInput['humanLabels']): Promise<Map<string, Winner> | null> {
    if (labels === undefined) {
      return null;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await getBlob(store, labels.file));
    const sided = await readSides(store, suite.rows, candidate, other);
    return humanWinners(
      readHumanLabels(text, labels.name),
      { candidate: candidate.arm.id, other: other.arm.id },
      new Map(
        sided.map(({ row, ...sides }) => [row.id, { candidate: sides.candidate.answer, other: sides.other.answer }]),
      ),
    );
  }
}

/** Sums by judge, over shards or pairs. */
export function totalOf(parts: readonly SpentByJudge[]): SpentByJudge {
  const total: SpentByJudge = {};
  for (const [id, { usd, requests }] of parts.flatMap((part) => Object.entries(part))) {
    const before = total[id] ?? { usd: 0, requests: 0 };
    total[id] = { usd: before.usd + usd, requests: before.requests + requests };
  }
  return total;
}
