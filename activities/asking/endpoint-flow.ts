// How many requests an endpoint gets at once: as many as allowed while it answers, fewer when it cannot keep up.

import { turnQueue } from './turn-queue.ts';

/** One request's place in the flow. Exactly one of its methods is called, once. */
export interface Turn {
  /** An answer came. `resetMs`: the endpoint says that nothing is left of its rate limit for that long. */
  answered(latencyMs: number, resetMs?: number): void;
  /** No answer, but there may be one later. `retryAfterMs`: what the endpoint asked for. */
  failed(retryAfterMs: number | undefined): Failure;
  /** The request ended without saying anything about the endpoint: it was called off, or its row was at fault. */
  left(): void;
}

export interface Failure {
  /** True when the endpoint has answered others since this turn began: then the failure is this row's own. */
  readonly isRowsOwn: boolean;
}

export interface EndpointFlow {
  /**
   * Waits for a turn: lower ranks first, and within a rank first come, first served. Throws the signal's reason when
   * called off, and EndpointDown when the endpoint has answered nothing for longer than patience allows.
   */
  enter(signal: AbortSignal, rank?: number): Promise<Turn>;
  /** Requests that may be in flight now. */
  limit(): number;
}

export interface FlowOptions {
  /** Most requests in flight. */
  readonly max: number;
  /** How long to wait for an endpoint that answers nothing, in milliseconds. */
  readonly patienceMs: number;
  /** Whether slow answers lower the limit too; not for our own servers, which gather requests into batches. */
  readonly heedLatency: boolean;
  /** Longest single wait, also when Retry-After asks for more, in milliseconds. */
  readonly longestWaitMs?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** The endpoint has not answered any request for longer than patience allows. */
export class EndpointDown extends Error {
  override readonly name = 'EndpointDown';
}

/** Wait after the first failure in a row, in milliseconds; doubled with every further round of failures. */
const firstWaitMs = 500;
/** Answers count as slow when their moving average is this many times the best seen, and this much longer. */
const slowFactor = 4;
const slowMarginMs = 500;
/** For this long after patience ended, everybody is told so at once. */
const downForMs = 30_000;

/**
 * Additive increase, multiplicative decrease (Chiu and Jain 1989, doi:10.1016/0169-7552(89)90019-6) with slow start, as
 * in TCP: the limit starts at `max`, halves once a round trip when the endpoint throttles or fails, and grows again with
 * every answer. A wait that the endpoint asks for, and the growing wait of an outage, hold for all its requests, so that
 * an outage costs a few probes and not a storm.
 */
export function endpointFlow(options: FlowOptions): EndpointFlow {
  const { max, patienceMs, heedLatency, longestWaitMs = 60_000, now = () => performance.now() } = options;
  const queue = turnQueue<Turn>();
  let limit = max;
  let threshold = max;
  let inFlight = 0;
  let answers = 0;
  let roundsFailed = 0;
  let failingSince: number | undefined;
  let notBefore = 0;
  let downUntil = 0;
  let turns = 0;
  /** Turns before this one began before the limit was lowered last: what befalls them is no news. */
  let newsFrom = 0;
  let timer: NodeJS.Timeout | undefined;
  const latency = { recent: Number.NaN, best: Number.POSITIVE_INFINITY };

  function pump(): void {
    const wait = notBefore - now();
    if (wait > 0) {
      timer ??= setTimeout(() => {
        timer = undefined;
        pump();
      }, wait);
      return;
    }
    while (!queue.isEmpty() && inFlight < Math.max(1, Math.floor(limit))) {
      inFlight += 1;
      queue.serve(nextTurn);
    }
  }

  function end(): void {
    inFlight -= 1;
    pump();
  }

  function nextTurn(): Turn {
    const began = { turn: turns, answers };
    turns += 1;
    return {
      answered(latencyMs, resetMs) {
        answers += 1;
        roundsFailed = 0;
        failingSince = undefined;
        limit = Math.min(max, limit + (limit < threshold ? 1 : 1 / limit));
        if (heedLatency && isSlow(latencyMs)) {
          lower(began.turn, 0.8);
        }
        if (resetMs !== undefined) {
          holdUntil(now() + resetMs);
        }
        end();
      },
      failed(retryAfterMs) {
        const isRowsOwn = answers > began.answers && retryAfterMs === undefined;
        if (!isRowsOwn) {
          failingSince ??= now();
          if (lower(began.turn, 0.5)) {
            roundsFailed += 1;
          }
          // Jitter keeps several processes from coming back at the same moment.
          const backoff = firstWaitMs * 2 ** Math.max(0, roundsFailed - 1) * (0.5 + Math.random() / 2);
          holdUntil(now() + Math.min(retryAfterMs ?? backoff, longestWaitMs));
          giveUpIfDown();
        }
        end();
        return { isRowsOwn };
      },
      left: end,
    };
  }

  function lower(turn: number, factor: number): boolean {
    if (turn < newsFrom) {
      return false;
    }
    newsFrom = turns;
    limit = Math.max(1, limit * factor);
    threshold = limit;
    return true;
  }

  function isSlow(latencyMs: number): boolean {
    latency.recent = Number.isNaN(latency.recent) ? latencyMs : 0.9 * latency.recent + 0.1 * latencyMs;
    latency.best = Math.min(latency.best * 1.001, latency.recent);
    return latency.recent > slowFactor * latency.best && latency.recent > latency.best + slowMarginMs;
  }

  function holdUntil(time: number): void {
    notBefore = Math.max(notBefore, time);
  }

  function giveUpIfDown(): void {
    if (failingSince !== undefined && now() - failingSince > patienceMs) {
      downUntil = now() + downForMs;
      failingSince = undefined;
      queue.refuseAll(down());
    }
  }

  function down(): EndpointDown {
    return new EndpointDown(`the endpoint has answered nothing for ${Math.round(patienceMs / 1000)} s`);
  }

  return {
    limit: () => Math.max(1, Math.floor(limit)),
    async enter(signal, rank = 0) {
      signal.throwIfAborted();
      if (now() < downUntil) {
        throw down();
      }
      const turn = queue.wait(rank, signal);
      pump();
      return await turn;
    },
  };
}
