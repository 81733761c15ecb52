// One judge reads the pairs of one shard: from the cache, from an earlier attempt's journal, or asked.
import { join } from 'node:path';
import pMap from 'p-map';
import type { JudgeOrder, Reading } from '../../domain/judgement.ts';
import type { Judge, JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { Arm } from '../../domain/scorecard.ts';
import {
  identityOfJudge,
  judgeDigest,
  judgeMessages,
  judgePromptVersion,
  judgeTemperature,
  type Pair,
} from '../../evals/judge/prompt.ts';
import { judgeReplyJsonSchema } from '../../evals/judge/reply.ts';
import { judgeOrders, readingOf } from '../../evals/judge/row-judgement.ts';
import { openJournal } from '../asking/answer-journal.ts';
import { openPacks } from '../asking/answer-packs.ts';
import { askOnce } from '../asking/ask-row.ts';
import { endpointOf } from '../asking/endpoints.ts';
import { spendingLimit } from '../budget.ts';
import type { ActivityDeps } from '../deps.ts';
import { requestDigest } from '../request-cache.ts';

/** Tries of a request that fails by itself while others are answered. */
const tries = 8;
const keepEveryMs = 10_000;

export interface JudgeAsking {
  readonly rules: JudgeRecipe;
  readonly judge: Judge;
  readonly pairs: readonly Pair[];
  readonly runKey: string;
  readonly cacheEpoch: string;
  readonly timeoutMs: number;
  readonly patienceMs: number;
  /** Names this shard among all that are judged. */
  readonly shardName: string;
  /** Spent on this judge before, by this run. */
  readonly spent: { readonly usd: number; readonly requests: number };
  /** Why nothing more is to be asked; null to ask. */
  readonly stopped: 'budget' | 'down' | null;
  readonly signal: AbortSignal;
  /** Told at once of a fault that ends the shard, before what is under way has ended. */
  readonly onFault: (error: unknown) => void;
  readonly onRead: () => void;
}

export interface JudgeReadings {
  /** Readings of each pair, in the order of the pairs. */
  readonly readings: readonly (readonly Reading[])[];
  readonly spent: { readonly usd: number; readonly requests: number };
  readonly stopped: 'budget' | 'down' | null;
}

/**
 * Asks for every pair, in both orders, as often as the recipe says. The digest of the judge is part of every request's
 * cache key: under a changed judge all is asked again, for both sides, whatever an unchanged judge of the panel said
 * before. Throws AskError of kind `endpoint` when the judge refuses everybody, and BadInput when its key is missing.
 */
export async function askJudge(deps: ActivityDeps, asking: JudgeAsking): Promise<JudgeReadings> {
  const { rules, judge, runKey, cacheEpoch, signal } = asking;
  const { endpoint: where } = judge;
  const digest = judgeDigest(rules);
  const identity = `${judgePromptVersion} ${digest} ${identityOfJudge(judge)}`;
  const { timeoutMs, patienceMs } = asking;
  const endpoint = await endpointOf(deps, { runKey, arm: armOfJudge(judge), timeoutMs, patienceMs });
  const limit = spendingLimit(where.price, {
    usd: (where.budget_usd ?? Number.POSITIVE_INFINITY) - asking.spent.usd,
    requests: (where.budget_requests ?? Number.POSITIVE_INFINITY) - asking.spent.requests,
  });
  const journal = await openJournal(join(deps.workFolder, 'answers', `${asking.shardName}.${judge.id}.jsonl`));
  const packs = await openPacks(deps.store, {
    identity,
    model: where.model,
    epoch: cacheEpoch,
    prompt: { user: '{input}' },
  });
  const keep = async (): Promise<void> =>
    await packs.add(new Map([...journal.entries()].filter(([request]) => packs.get(request) === undefined)));
  const structured = where.structured ? { responseSchema: judgeReplyJsonSchema } : {};
  const temperature = judgeTemperature(rules.samples);
  const sampled = temperature === 0 ? {} : { temperature };
  let paid = 0;
  let { stopped } = asking;
  // As in shards of rows: what began first is asked first.
  const rank = performance.now();

  const requests = asking.pairs.flatMap((pair, at) =>
    judgeOrders.flatMap((order) => {
      const messages = judgeMessages(rules, digest, pair, order);
      return Array.from({ length: rules.samples }, (_, sample) => {
        const key = { identity, model: where.model, messages, maxTokens: rules.max_tokens, epoch: cacheEpoch };
        const request = requestDigest({ ...key, ...structured, repeat: sample });
        return { at, order, sample, messages, request, known: packs.get(request) ?? journal.get(request) };
      });
    }),
  );
  // What this run has paid for already counts before anything more is asked.
  for (const { known } of requests) {
    if (known?.paidBy === runKey) {
      limit.charge(known);
    }
  }

  async function read({ order, sample, messages, request, known }: (typeof requests)[number]): Promise<Reading> {
    const asked = { order, sample };
    if (known === undefined && stopped !== null) {
      return unread(asked, 'unanswered');
    }
    const outcome =
      known === undefined
        ? await askOnce({ endpoint, limit, journal, runKey, tries, rank }, request, {
            messages,
            maxTokens: rules.max_tokens,
            signal,
            ...structured,
            ...sampled,
          })
        : ({ kind: 'answer', answer: known } as const);
    if (outcome.kind === 'none') {
      if (outcome.because === 'row') {
        return unread(asked, 'failed');
      }
      stopped ??= outcome.because;
      return unread(asked, 'unanswered');
    }
    const { answer } = outcome;
    const cached = answer.paidBy !== runKey;
    paid += cached ? 0 : (limit.priceOf(answer.promptTokens, answer.completionTokens) ?? 0);
    return readingOf({ ...asked, cached }, answer);
  }

  // Should this machine be lost, the next one asks again for what came in since.
  const keeping = setInterval(() => void keep().catch(() => undefined), keepEveryMs);
  try {
    const given = await pMap(
      requests,
      async (request) => {
        const reading = await read(request).catch((error: unknown) => {
          asking.onFault(error);
          throw error;
        });
        asking.onRead();
        return { at: request.at, reading };
      },
      { concurrency: 2 * where.max_concurrency, signal },
    );
    const byPair = Map.groupBy(given, ({ at }) => at);
    const readings = asking.pairs.map((_, at) => (byPair.get(at) ?? []).map(({ reading }) => reading));
    return { readings, spent: { usd: paid, requests: limit.requests() }, stopped };
  } finally {
    clearInterval(keeping);
    // Answers that cannot be stored now stay in the journal, for the next attempt on this machine.
    await keep().then(
      () => journal.close('stored'),
      () => journal.close('kept'),
    );
  }
}

function unread(asked: { order: JudgeOrder; sample: number }, problem: 'failed' | 'unanswered'): Reading {
  return { ...asked, winner: null, problem, cached: false };
}

/** A judge as the asking engine knows whom to ask; it shares the limits of an account with a baseline of that account. */
function armOfJudge({ id, label, endpoint }: Judge): Arm {
  return {
    id,
    kind: 'baseline',
    label,
    provider: endpoint.provider,
    model: endpoint.model,
    shots: 0,
    standIn: false,
    maxConcurrency: endpoint.max_concurrency,
    endpoint,
  };
}
