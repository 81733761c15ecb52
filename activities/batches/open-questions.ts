// The questions of an arm that have no answer yet, and whether its budget suffices for them.
import { paidPriceOf } from '../../domain/recipe-baseline.ts';
import type { BatchInput } from '../../domain/batch-stage.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import type { AskedSuite } from '../asked-suite.ts';
import type { AnswerPacks } from '../asking/answer-packs.ts';
import { rowQuestions, type RowQuestion } from '../asking/row-questions.ts';
import { spendingLimit } from '../budget.ts';
import type { BatchItem } from '../clients/batch-client.ts';

export interface OpenQuestions {
  readonly items: readonly BatchItem[];
  /** Shard after the last one whose questions are among these. */
  readonly toShard: number;
  /** False when the worst case of these questions exceeds what may be spent or asked. */
  readonly affordable: boolean;
}

export interface BatchSize {
  readonly questions: number;
  /** Bytes of the messages, as the vendor counts whole requests. */
  readonly bytes: number;
}

/**
 * Whole shards, from the first on, as many as one batch may hold and at least one. What this run has paid for counts
 * towards its budget, whichever attempt asked.
 */
export function openQuestions(
  suite: AskedSuite,
  input: BatchInput,
  packs: AnswerPacks,
  most: BatchSize,
): OpenQuestions {
  const questionsOf = questionsOfRows(suite, input);
  const limit = spendingLimit(paidPriceOf(input.arm.endpoint ?? {}), {
    usd: input.usd ?? Number.POSITIVE_INFINITY,
    requests: input.requests ?? Number.POSITIVE_INFINITY,
  });
  const items = new Map<string, BatchItem>();
  const paid = new Set<string>();
  let affordable = true;
  let bytes = 0;
  for (let shard = input.fromShard; shard < input.toShard; shard += 1) {
    const fresh = new Map<string, BatchItem>();
    for (const { digest, question } of questionsOf(rowsOfShard(suite, input, shard))) {
      const known = packs.get(digest);
      if (known === undefined && !items.has(digest)) {
        fresh.set(digest, { id: digest, question });
      } else if (known?.paidBy === input.runKey && !paid.has(digest)) {
        paid.add(digest);
        limit.charge(known);
        affordable &&= limit.again();
      }
    }
    const more = [...fresh.values()].reduce((sum, item) => sum + bytesOf(item), 0);
    const full = items.size + fresh.size > most.questions || bytes + more > most.bytes;
    if (full && shard > input.fromShard) {
      return { items: [...items.values()], toShard: shard, affordable };
    }
    for (const [digest, item] of fresh) {
      items.set(digest, item);
      affordable &&= limit.reserve(item.question.messages, item.question.maxTokens);
    }
    bytes += more;
  }
  return { items: [...items.values()], toShard: input.toShard, affordable };
}

/** The questions to some rows, each row as often as the suite says. */
export function questionsOfRows(suite: AskedSuite, input: BatchInput): (rows: readonly SuiteRow[]) => RowQuestion[] {
  const questionOf = rowQuestions(suite, input);
  return (rows) => rows.flatMap((row) => Array.from({ length: suite.repeats }, (_, repeat) => questionOf(row, repeat)));
}

export function rowsOfShard(suite: AskedSuite, { rows, shardRows }: BatchInput, shard: number): readonly SuiteRow[] {
  return suite.rows.slice(shard * shardRows, Math.min(rows, (shard + 1) * shardRows));
}

function bytesOf({ question }: BatchItem): number {
  return question.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
