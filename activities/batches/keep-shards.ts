// The shards of an arm from the answers that are in the packs, with the keys and forms of shards that were asked one by one.
import type { BatchInput } from '../../domain/batch-stage.ts';
import { paidPriceOf } from '../../domain/recipe-baseline.ts';
import type { BlobRef } from '../../domain/refs.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import type { AskedShards } from '../../domain/shard-window.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { foldRepeats } from '../../evals/fold-repeats.ts';
import type { ObjectStore } from '../../registry/store.ts';
import type { AskedSuite } from '../asked-suite.ts';
import type { AnswerPacks } from '../asking/answer-packs.ts';
import { keepShard, keptShard, shardKey } from '../asking/kept-shard.ts';
import { rowAnswerer, stopReasons } from '../asking/row-answerer.ts';
import { rowQuestions } from '../asking/row-questions.ts';
import { spendingLimit } from '../budget.ts';
import { questionsOfRows, rowsOfShard } from './open-questions.ts';

export interface Unanswered {
  /** `budget` when no question was asked for want of it. */
  readonly stopped: 'budget' | null;
  /** Questions that the batch asked. */
  readonly asked: ReadonlySet<string>;
  /** Why a question has no answer; free of row text. */
  readonly why: (digest: string) => string;
}

/** Keeps the shards of the input and gives their sums. Shards that are committed stay as they are. */
export async function keepShards(
  store: ObjectStore,
  suite: AskedSuite,
  input: BatchInput,
  packs: AnswerPacks,
  unanswered: Unanswered,
): Promise<AskedShards<BlobRef>> {
  const sums = { n: 0, correct: 0, errors: 0, requests: 0, paidUsd: 0, seconds: 0 };
  const incomplete: { shard: number; results: BlobRef }[] = [];
  let stopped: 'budget' | null = null;
  for (let shard = input.fromShard; shard < input.toShard; shard += 1) {
    const key = shardKey(input.runKey, input.arm.id, shard);
    const rows = rowsOfShard(suite, input, shard);
    const result = (await keptShard(store, key)) ?? (await keepRows(store, key, rows));
    sums.n += result.n;
    sums.correct += result.correct;
    sums.errors += result.errors;
    sums.requests += result.requests;
    sums.paidUsd += result.paidUsd;
    sums.seconds += result.seconds;
    if (result.errors > 0) {
      incomplete.push({ shard, results: result.results });
      stopped ??= unanswered.stopped;
    }
  }
  return { ...sums, incomplete, stopped };

  async function keepRows(into: ObjectStore, key: string, rows: readonly SuiteRow[]) {
    const started = performance.now();
    const limit = { usd: Number.POSITIVE_INFINITY, requests: Number.POSITIVE_INFINITY };
    const answerer = rowAnswerer({
      suite,
      runKey: input.runKey,
      limit: spendingLimit(paidPriceOf(input.arm.endpoint ?? {}), limit),
      known: (digest) => packs.get(digest),
      ask: ({ digest }) =>
        Promise.resolve(
          unanswered.stopped === null
            ? { kind: 'none', because: 'row', message: unanswered.why(digest) }
            : { kind: 'none', because: unanswered.stopped, message: stopReasons[unanswered.stopped] },
        ),
      questionOf: rowQuestions(suite, input),
    });
    const results: RowResult[] = [];
    for (const row of rows) {
      const answers: RowResult[] = [];
      for (let repeat = 0; repeat < suite.repeats; repeat += 1) {
        answers.push(await answerer.answer(row, repeat));
      }
      results.push(foldRepeats(answers));
    }
    const digests = new Set(questionsOfRows(suite, input)(rows).map(({ digest }) => digest));
    return await keepShard(into, key, results, {
      seconds: (performance.now() - started) / 1000,
      requests: [...digests].filter((digest) => unanswered.asked.has(digest)).length,
      paidUsd: answerer.paidUsd(),
      stopped: answerer.stopped(),
    });
  }
}
