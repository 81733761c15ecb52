import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EndpointDown, endpointFlow, type EndpointFlow, type FlowOptions } from './endpoint-flow.ts';

const { signal } = new AbortController();

function flowOf(given: Partial<FlowOptions> = {}): EndpointFlow {
  return endpointFlow({ max: 8, patienceMs: 60_000, heedLatency: true, now: () => Date.now(), ...given });
}

async function turns(flow: EndpointFlow, count: number) {
  return await Promise.all(Array.from({ length: count }, () => flow.enter(signal)));
}

/** Turns that are handed out within this time. */
async function grantedWithin(flow: EndpointFlow, asked: number, ms: number): Promise<number> {
  let granted = 0;
  for (let index = 0; index < asked; index += 1) {
    void flow.enter(signal).then(() => (granted += 1));
  }
  await vi.advanceTimersByTimeAsync(ms);
  return granted;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an endpoint that answers', () => {
  it('gets as many requests at once as are allowed, and not one more', async () => {
    expect(await grantedWithin(flowOf({ max: 5 }), 9, 1000)).toBe(5);
  });

  it('gets the next request when one is answered', async () => {
    const flow = flowOf({ max: 1 });
    const [first] = await turns(flow, 1);
    let second = false;
    void flow.enter(signal).then(() => (second = true));
    await vi.advanceTimersByTimeAsync(10);
    expect(second).toBe(false);
    first?.answered(5);
    await vi.advanceTimersByTimeAsync(0);
    expect(second).toBe(true);
  });

  it('that says its rate limit is used up gets nothing until it is whole again', async () => {
    const flow = flowOf();
    const [turn] = await turns(flow, 1);
    turn?.answered(5, 3000);
    expect(await grantedWithin(flow, 4, 2999)).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(flow.limit()).toBe(8);
  });

  it('more and more slowly gets fewer, unless it is a server of our own', async () => {
    const [heeding, not] = [flowOf(), flowOf({ heedLatency: false })];
    for (const flow of [heeding, not]) {
      for (const latency of [50, 50, 50, ...Array.from({ length: 60 }, () => 5000)]) {
        const [turn] = await turns(flow, 1);
        await vi.advanceTimersByTimeAsync(1);
        turn?.answered(latency);
      }
    }
    expect(heeding.limit()).toBeLessThan(8);
    expect(not.limit()).toBe(8);
  });
});

describe('an endpoint that throttles', () => {
  it('gets half as many, once for a round of requests that were under way together', async () => {
    const flow = flowOf();
    for (const turn of await turns(flow, 8)) {
      turn.failed(1000);
    }
    expect(flow.limit()).toBe(4);
  });

  it('is left alone for as long as it asks, and for a minute at most', async () => {
    const flow = flowOf();
    const [turn] = await turns(flow, 1);
    turn?.failed(3_600_000);
    let granted = false;
    void flow.enter(signal).then(() => (granted = true));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(granted).toBe(false);
    await vi.advanceTimersByTimeAsync(1100);
    expect(granted).toBe(true);
  });

  it('gets more again as it answers', async () => {
    const flow = flowOf();
    for (const turn of await turns(flow, 8)) {
      turn.failed(10);
    }
    await vi.advanceTimersByTimeAsync(20);
    for (let round = 0; round < 40; round += 1) {
      const [turn] = await turns(flow, 1);
      turn?.answered(5);
    }
    expect(flow.limit()).toBe(8);
  });
});

describe('an endpoint that is out', () => {
  it('is asked one question at a time, ever more rarely', async () => {
    const flow = flowOf({ patienceMs: 1e9 });
    let probes = 0;
    const keepAsking = async (): Promise<void> => {
      for (;;) {
        const turn = await flow.enter(signal);
        probes += 1;
        turn.failed(undefined);
      }
    };
    for (let asker = 0; asker < 64; asker += 1) {
      void keepAsking();
    }
    await vi.advanceTimersByTimeAsync(600_000);
    expect(probes).toBeGreaterThan(10);
    expect(probes).toBeLessThan(60);
  });

  it('is given up when patience ends, for everybody who waits', async () => {
    const flow = flowOf({ patienceMs: 10_000 });
    const ask = async (): Promise<string> => {
      for (;;) {
        try {
          (await flow.enter(signal)).failed(undefined);
        } catch (error) {
          return error instanceof EndpointDown ? 'down' : 'other';
        }
      }
    };
    const all = Promise.all(Array.from({ length: 20 }, ask));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(await all)).toEqual(new Set(['down']));
  });

  it('does not count against one row what failed for all', async () => {
    const flow = flowOf({ max: 2 });
    const [one, two] = await turns(flow, 2);
    expect(one?.failed(undefined)).toEqual({ isRowsOwn: false });
    two?.left();
    await vi.advanceTimersByTimeAsync(2000);
    const again = await turns(flow, 1);
    expect(again).toHaveLength(1);
  });

  it('is not suspected when it answers other rows meanwhile', async () => {
    const flow = flowOf({ max: 2 });
    const [one, two] = await turns(flow, 2);
    two?.answered(5);
    expect(one?.failed(undefined)).toEqual({ isRowsOwn: true });
    expect(flow.limit()).toBe(2);
  });
});

describe('whoever is called off while waiting', () => {
  it('gets the reason, and leaves the place to the next', async () => {
    const flow = flowOf({ max: 1 });
    const [first] = await turns(flow, 1);
    const off = new AbortController();
    const waiting = flow.enter(off.signal);
    const next = flow.enter(signal);
    off.abort(new Error('called off'));
    await expect(waiting).rejects.toThrow('called off');
    first?.answered(1);
    await expect(next).resolves.toBeDefined();
  });
});
