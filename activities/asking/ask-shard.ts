// One arm answers one shard of rows; the shard's results are committed once.
import { join } from 'node:path';
import pMap from 'p-map';
import { failureTypes } from '../../domain/failures.ts';
import { paidPriceOf } from '../../domain/recipe-baseline.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import type { AskInput, AskResult } from '../../domain/stage-inputs.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { foldRepeats } from '../../evals/fold-repeats.ts';
import type { ActivityDeps } from '../deps.ts';
import { askedSuite } from '../asked-suite.ts';
import { spendingLimit } from '../budget.ts';
import { AskError } from '../clients/model-client.ts';
import { permanent } from '../permanent.ts';
import { openJournal } from './answer-journal.ts';
import { askOnce } from './ask-row.ts';
import { endpointOf } from './endpoints.ts';
import { openPacks } from './answer-packs.ts';
import { keepShard, keptShard, shardKey } from './kept-shard.ts';
import { rowAnswerer, type RowAnswerer } from './row-answerer.ts';
import { packScopeOf, rowQuestions } from './row-questions.ts';

/** Rows of a shard that are prepared or stored at once, for each request in flight. */
const rowsPerRequest = 3;
const tries = 8;
const keepEveryMs = 10_000;

export interface ShardWatch {
  readonly signal: AbortSignal;
  /** Called after each row. */
  readonly onAnswered?: () => void;
}

/**
 * Asks the rows of a shard that have no answer yet. Throws a permanent failure when the endpoint refuses everything, and
 * the signal's reason when called off; answers received until then are kept.
 */
export async function askShard(deps: ActivityDeps, input: AskInput, watch: ShardWatch): Promise<AskResult> {
  const { store } = deps;
  const key = shardKey(input.runKey, input.arm.id, input.shard);
  const stored = await keptShard(store, key);
  if (stored !== undefined) {
    return stored;
  }
  const started = performance.now();
  // The shard that began first is asked first. Were its neighbours to end with it, nothing would wait for the endpoint
  // while the next shards are handed out.
  const rank = started;
  const suite = await askedSuite(store, input);
  const endpoint = await endpointOf(deps, {
    runKey: input.servedBy ?? input.runKey,
    arm: input.arm,
    timeoutMs: suite.timeoutMs,
    patienceMs: suite.patienceMs,
  });
  const limit = spendingLimit(paidPriceOf(input.arm.endpoint ?? {}), allowanceOf(input));
  const journal = await openJournal(
    join(deps.workFolder, 'answers', `${input.runKey.replaceAll('/', '.')}.${input.arm.id}.${input.shard}.jsonl`),
  );
  const packs = await openPacks(store, packScopeOf(suite, input));
  const keep = async (): Promise<void> =>
    await packs.add(new Map([...journal.entries()].filter(([digest]) => packs.get(digest) === undefined)));
  // A fault of one row that ends the shard calls the others off.
  const fault = new AbortController();
  const signal = AbortSignal.any([watch.signal, fault.signal]);
  const asking = { endpoint, limit, journal, runKey: input.runKey, tries, rank };
  const answerer = rowAnswerer({
    suite,
    runKey: input.runKey,
    limit,
    known: (digest) => packs.get(digest) ?? journal.get(digest),
    ask: async ({ digest, question }) => await askOnce(asking, digest, { ...question, signal }),
    questionOf: rowQuestions(suite, input),
  });
  const rows = suite.rows.slice(input.from, input.to);
  // Should this machine be lost, the next one asks again for what came in since.
  const keeping = setInterval(() => void keep().catch(() => undefined), keepEveryMs);
  try {
    const results = await answerAll(answerer, rows, input, suite.repeats, { ...watch, signal }).catch(
      (error: unknown) => {
        fault.abort(error);
        watch.signal.throwIfAborted();
        throw error instanceof AskError
          ? permanent(failureTypes.providerRefused, error.message, { where: `arm ${input.arm.id}` })
          : error;
      },
    );
    await keep();
    return await keepShard(store, key, results, {
      seconds: (performance.now() - started) / 1000,
      requests: limit.requests(),
      paidUsd: answerer.paidUsd(),
      stopped: answerer.stopped(),
    });
  } finally {
    clearInterval(keeping);
    // Answers that cannot be stored now stay in the journal, for the next attempt on this machine.
    await keep().then(
      () => journal.close('stored'),
      () => journal.close('kept'),
    );
  }
}

async function answerAll(
  answerer: RowAnswerer,
  rows: readonly SuiteRow[],
  { arm }: AskInput,
  repeats: number,
  { signal, onAnswered }: ShardWatch,
): Promise<RowResult[]> {
  const asked = rows.flatMap((row) => Array.from({ length: repeats }, (_, repeat) => ({ row, repeat })));
  const answers = await pMap(
    asked,
    async ({ row, repeat }) => {
      const result = await answerer.answer(row, repeat);
      onAnswered?.();
      return result;
    },
    { concurrency: rowsPerRequest * arm.maxConcurrency, signal },
  );
  return repeats === 1 ? answers : rows.map((_, at) => foldRepeats(answers.slice(at * repeats, (at + 1) * repeats)));
}

function allowanceOf({ allowance, arm, paidUsd }: AskInput): { usd: number; requests: number } {
  const { budget_usd: budget = Number.POSITIVE_INFINITY, budget_requests: requests } = arm.endpoint ?? {};
  return {
    usd: allowance === undefined ? budget - paidUsd : (allowance.usd ?? Number.POSITIVE_INFINITY),
    requests: (allowance === undefined ? requests : allowance.requests) ?? Number.POSITIVE_INFINITY,
  };
}
