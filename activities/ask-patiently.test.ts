import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askPatiently } from './ask-patiently.ts';
import { AskError, bareAnswer, type Answer } from './clients/model-client.ts';

const waits: unknown[] = [];
vi.mock('node:timers/promises', () => ({
  async setTimeout(ms: unknown, value: unknown, options: { signal?: AbortSignal } = {}) {
    waits.push(ms);
    options.signal?.throwIfAborted();
    return await Promise.resolve(value);
  },
}));

const answer: Answer = { ...bareAnswer, text: 'blue', promptTokens: 1, completionTokens: 1, finish: 'stop' };
const patience = { tries: 4, firstWaitMs: 100, longestWaitMs: 1000 };

/** A client that fails in the given ways before it answers. */
function clientThat(...faults: Error[]) {
  let asked = 0;
  return {
    asked: () => asked,
    async ask(): Promise<Answer> {
      asked += 1;
      const fault = faults[asked - 1];
      return fault === undefined ? answer : await Promise.reject(fault);
    },
  };
}

const question = (signal = new AbortController().signal) => ({ messages: [], maxTokens: 1, signal });
const busy = (retryAfterMs?: number): AskError => new AskError('transient', 'busy', retryAfterMs);

beforeEach(() => {
  waits.length = 0;
});
afterEach(() => void vi.restoreAllMocks());

describe('a fault that may pass', () => {
  it('is waited out, longer every time', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    expect(await askPatiently(clientThat(busy(), busy(), busy()), question(), patience)).toEqual(answer);
    expect(waits).toEqual([100, 200, 400]);
  });

  it('is waited out with jitter of at most half, so that askers do not come back together', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await askPatiently(clientThat(busy()), question(), patience);
    expect(waits).toEqual([50]);
  });

  it('is waited out for as long as Retry-After says, within the limit', async () => {
    await askPatiently(clientThat(busy(700), busy(0), busy(3_600_000)), question(), patience);
    expect(waits).toEqual([700, 0, 1000]);
  });

  it('ends patience after a bounded number of tries, with the last fault', async () => {
    const last = busy();
    const client = clientThat(busy(), busy(), busy(), last, busy());
    await expect(askPatiently(client, question(), patience)).rejects.toBe(last);
    expect(client.asked()).toBe(4);
  });
});

describe('what will not pass is thrown at once', () => {
  it.each([
    ['a fault of the endpoint', new AskError('endpoint', 'wrong key')],
    ['a fault of the row', new AskError('row', 'too long')],
    ['an unforeseen error', new TypeError('broken')],
  ])('%s', async (_name, fault) => {
    const client = clientThat(fault);
    await expect(askPatiently(client, question(), patience)).rejects.toBe(fault);
    expect(client.asked()).toBe(1);
    expect(waits).toEqual([]);
  });
});

it('a wait ends when the run is cancelled', async () => {
  const client = clientThat(busy());
  await expect(askPatiently(client, question(AbortSignal.abort()), patience)).rejects.toThrow();
  expect(client.asked()).toBe(1);
});
