import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { shardsInFlight, slideWindow, type ShardOutcome, type ShardTask, type WindowPlan } from './shard-window.ts';

const plan: WindowPlan = {
  rows: 1000,
  shardRows: 100,
  fromShard: 0,
  toShard: 10,
  inFlight: 3,
  usd: null,
  requests: null,
};

/** An arm whose rows cost `price` each; what was answered once is not paid again. */
function arm(price: number) {
  const answered = new Map<number, number>();
  let underWay = 0;
  const seen = { tasks: [] as ShardTask[], peak: 0, paid: 0 };
  const ask = async (task: ShardTask): Promise<ShardOutcome<string>> => {
    seen.tasks.push(task);
    underWay += 1;
    seen.peak = Math.max(seen.peak, underWay);
    await sleep(1);
    underWay -= 1;
    const rows = task.to - task.from;
    const before = answered.get(task.shard) ?? 0;
    const affordable = task.allowance.usd === null ? rows : Math.floor(task.allowance.usd / price + 1e-9);
    const now = Math.min(rows, Math.max(before, affordable));
    answered.set(task.shard, now);
    seen.paid += (now - before) * price;
    return {
      results: `shard ${task.shard}`,
      seconds: 1,
      n: rows,
      correct: now,
      errors: rows - now,
      requests: now - before,
      paidUsd: now * price,
      stopped: now < rows ? 'budget' : null,
    };
  };
  return { ask, seen };
}

describe('a window over shards', () => {
  it('asks every row once, a few shards at a time', async () => {
    const { ask, seen } = arm(0);
    const asked = await slideWindow(plan, ask);
    expect(asked).toMatchObject({ n: 1000, correct: 1000, errors: 0, requests: 1000, incomplete: [], stopped: null });
    expect(seen.peak).toBe(3);
    expect(seen.tasks.map(({ from }) => from).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 10 }, (_, shard) => shard * 100),
    );
  });

  it('cuts the last shard to the rows that are there', async () => {
    const { ask, seen } = arm(0);
    await slideWindow({ ...plan, rows: 250, toShard: 3 }, ask);
    expect(seen.tasks.at(-1)).toMatchObject({ from: 200, to: 250 });
  });

  it('asks its own shards alone', async () => {
    const { ask, seen } = arm(0);
    await slideWindow({ ...plan, fromShard: 4, toShard: 6 }, ask);
    expect(seen.tasks.map(({ shard }) => shard)).toEqual([4, 5]);
  });
});

describe('a budget', () => {
  it('that suffices leaves no row unasked, however it is divided', async () => {
    const { ask, seen } = arm(1);
    const asked = await slideWindow({ ...plan, usd: 1000 }, ask);
    expect(asked).toMatchObject({ errors: 0, stopped: null, paidUsd: 1000 });
    expect(seen.paid).toBe(1000);
  });

  it('that does not suffice is used to the last row and never exceeded', async () => {
    const { ask, seen } = arm(1);
    const asked = await slideWindow({ ...plan, usd: 555 }, ask);
    expect(asked.stopped).toBe('budget');
    expect(asked.paidUsd).toBe(555);
    expect(seen.paid).toBe(555);
    expect(asked.incomplete.length).toBeGreaterThan(0);
  });

  it('of zero asks nothing', async () => {
    const { ask, seen } = arm(1);
    const asked = await slideWindow({ ...plan, usd: 0 }, ask);
    expect(asked).toMatchObject({ stopped: 'budget', paidUsd: 0 });
    expect(seen.paid).toBe(0);
  });
});

describe('an endpoint that no longer answers', () => {
  it('is not asked for further shards', async () => {
    let asked = 0;
    const outcome = await slideWindow({ ...plan, inFlight: 1 }, ({ shard, from, to }) => {
      asked += 1;
      const down = shard === 2;
      return Promise.resolve({
        results: String(shard),
        seconds: 1,
        n: to - from,
        correct: 0,
        errors: down ? 7 : 0,
        requests: to - from,
        paidUsd: 0,
        stopped: down ? 'down' : null,
      });
    });
    expect(asked).toBe(3);
    expect(outcome).toMatchObject({ stopped: 'down', incomplete: [{ shard: 2, results: '2' }] });
  });
});

describe('a shard that fails', () => {
  it('ends the window once those under way have ended, and no further one begins', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    await expect(
      slideWindow(plan, async ({ shard }) => {
        begun.push(shard);
        await sleep(shard === 1 ? 1 : 20);
        ended.push(shard);
        throw new Error(`shard ${shard} failed`);
      }),
    ).rejects.toThrow('shard');
    expect(begun).toEqual([0, 1, 2]);
    expect(new Set(ended)).toEqual(new Set([0, 1, 2]));
  });
});

it('enough shards are under way to keep the endpoint busy over the end of one', () => {
  expect(shardsInFlight(64, 80)).toBe(3);
  expect(shardsInFlight(8, 200)).toBe(2);
});
