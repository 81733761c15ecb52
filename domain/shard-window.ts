// Which shards of an arm are asked at once and what each may spend. Imports nothing, so that workflows may use it.

/** A shard to ask, with its rows: first (inclusive) and last (exclusive). */
export interface ShardTask {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
  /** What the shard may spend; null for no limit. */
  readonly allowance: { readonly usd: number | null; readonly requests: number | null };
}

/** What is read of a shard's result; `results` is passed on as it is. */
export interface ShardOutcome<Results> {
  readonly results: Results;
  readonly seconds: number;
  readonly n: number;
  readonly correct: number;
  readonly errors: number;
  readonly requests: number;
  readonly paidUsd: number;
  readonly stopped: 'budget' | 'down' | null;
}

export interface WindowPlan {
  /** Rows of the suite. */
  readonly rows: number;
  readonly shardRows: number;
  /** First shard of this window (inclusive) and last (exclusive). */
  readonly fromShard: number;
  readonly toShard: number;
  /** Shards under way at once. */
  readonly inFlight: number;
  /** What may be spent from here on; null for no limit. */
  readonly usd: number | null;
  readonly requests: number | null;
}

/** Sums over the shards that were asked. Shards with unanswered rows are listed, since they are stored nowhere else. */
export interface AskedShards<Results> {
  readonly n: number;
  readonly correct: number;
  readonly errors: number;
  readonly requests: number;
  readonly paidUsd: number;
  /** Seconds of asking, summed over shards. */
  readonly seconds: number;
  readonly incomplete: readonly { readonly shard: number; readonly results: Results }[];
  /** Why asking ended early; null when every shard was asked. */
  readonly stopped: 'budget' | 'down' | null;
}

/** Of shards that were asked one after the other. */
export function sumOf<Results>(earlier: AskedShards<Results>, later: AskedShards<Results>): AskedShards<Results> {
  return {
    n: earlier.n + later.n,
    correct: earlier.correct + later.correct,
    errors: earlier.errors + later.errors,
    requests: earlier.requests + later.requests,
    paidUsd: earlier.paidUsd + later.paidUsd,
    seconds: earlier.seconds + later.seconds,
    incomplete: [...earlier.incomplete, ...later.incomplete],
    stopped: later.stopped,
  };
}

/** Shards that keep an endpoint busy: a shard's last rows must not leave it idle. */
export function shardsInFlight(maxConcurrency: number, shardRows: number): number {
  return Math.ceil((2 * maxConcurrency) / shardRows) + 1;
}

/**
 * Asks the shards of a window, some at once. What is left of a budget is divided among those under way; a shard that its
 * part did not suffice for is asked once more when all others are back, with everything that is left. So no number of
 * workers ever spends more than the budget, and none of it stays unused for want of an even division.
 *
 * A failure of one shard is thrown once those under way have ended.
 */
export async function slideWindow<Results>(
  plan: WindowPlan,
  ask: (task: ShardTask) => Promise<ShardOutcome<Results>>,
): Promise<AskedShards<Results>> {
  const sums = { n: 0, correct: 0, errors: 0, requests: 0, paidUsd: 0, seconds: 0 };
  const incomplete: { shard: number; results: Results }[] = [];
  const again: { shard: number; paidUsd: number }[] = [];
  const promised = { usd: 0, requests: 0 };
  let stopped: 'budget' | 'down' | null = null;
  let next = plan.fromShard;
  let underWay = 0;
  let broken = false;

  function allowance(shares: number): ShardTask['allowance'] {
    const usd = left(plan.usd, sums.paidUsd, promised.usd);
    const requests = left(plan.requests, sums.requests, promised.requests);
    return {
      usd: usd === null ? null : usd / shares,
      requests: requests === null ? null : Math.floor(requests / shares),
    };
  }

  async function askOne(shard: number, shares: number): Promise<ShardOutcome<Results>> {
    const given = allowance(shares);
    promised.usd += given.usd ?? 0;
    promised.requests += given.requests ?? 0;
    underWay += 1;
    try {
      const from = shard * plan.shardRows;
      const to = Math.min(from + plan.shardRows, plan.rows);
      const outcome = await ask({ shard, from, to, allowance: given });
      sums.requests += outcome.requests;
      sums.seconds += outcome.seconds;
      return outcome;
    } catch (error) {
      broken = true;
      throw error;
    } finally {
      promised.usd -= given.usd ?? 0;
      promised.requests -= given.requests ?? 0;
      underWay -= 1;
    }
  }

  function count(shard: number, outcome: ShardOutcome<Results>): void {
    sums.n += outcome.n;
    sums.correct += outcome.correct;
    sums.errors += outcome.errors;
    sums.paidUsd += outcome.paidUsd;
    if (outcome.errors > 0) {
      incomplete.push({ shard, results: outcome.results });
    }
  }

  async function lane(): Promise<void> {
    while (next < plan.toShard && stopped === null && !broken && again.length === 0) {
      const shard = next;
      next += 1;
      const lanesLeft = Math.max(1, Math.min(plan.inFlight, plan.toShard - shard + underWay) - underWay);
      const outcome = await askOne(shard, lanesLeft);
      if (outcome.stopped === 'budget') {
        // Its answers are kept and not paid for again; until it is asked once more they count as spent.
        again.push({ shard, paidUsd: outcome.paidUsd });
        sums.paidUsd += outcome.paidUsd;
      } else {
        stopped ??= outcome.stopped;
        count(shard, outcome);
      }
    }
  }

  for (;;) {
    const lanes = await Promise.allSettled(Array.from({ length: plan.inFlight }, lane));
    const fault = lanes.find((one) => one.status === 'rejected');
    if (fault !== undefined) {
      throw fault.reason;
    }
    // Alone, with all that is left.
    for (const { shard, paidUsd } of again.splice(0)) {
      sums.paidUsd -= paidUsd;
      const outcome = await askOne(shard, 1);
      stopped ??= outcome.stopped;
      count(shard, outcome);
    }
    if (next >= plan.toShard || stopped !== null) {
      return { ...sums, incomplete, stopped };
    }
  }
}

/** What is left of a limit, null for none. */
function left(limit: number | null, used: number, setAside: number): number | null {
  return limit === null ? null : Math.max(0, limit - used - setAside);
}
