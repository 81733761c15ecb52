import { describe, expect, it } from 'vitest';
import { turnQueue } from './turn-queue.ts';

const { signal } = new AbortController();

/** The order in which those who wait are served. */
async function served(ranks: readonly number[]): Promise<string[]> {
  const queue = turnQueue<number>();
  const order: string[] = [];
  const waiting = ranks.map(async (rank, at) => {
    await queue.wait(rank, signal);
    order.push(`${rank}${'abcdef'.charAt(at)}`);
  });
  ranks.forEach((_, at) => queue.serve(() => at));
  await Promise.all(waiting);
  return order;
}

describe('those who wait for an endpoint', () => {
  it('are served first come, first served, where all have one rank', async () => {
    expect(await served([0, 0, 0])).toEqual(['0a', '0b', '0c']);
  });

  it('are served by rank first, however late they come', async () => {
    expect(await served([2, 1, 2, 1, 0])).toEqual(['0e', '1b', '1d', '2a', '2c']);
  });

  it('leave with the reason of their signal, and of no other', async () => {
    const queue = turnQueue<string>();
    const calledOff = new AbortController();
    const gone = [queue.wait(0, calledOff.signal), queue.wait(1, calledOff.signal)];
    const stays = queue.wait(2, signal);
    calledOff.abort(new Error('called off'));
    for (const one of gone) {
      await expect(one).rejects.toThrow('called off');
    }
    queue.serve(() => 'turn');
    expect(await stays).toBe('turn');
    expect(queue.isEmpty()).toBe(true);
  });

  it('keep a turn when their signal ends afterwards', async () => {
    const queue = turnQueue<string>();
    const calledOff = new AbortController();
    const first = queue.wait(0, calledOff.signal);
    queue.serve(() => 'turn');
    calledOff.abort(new Error('called off'));
    expect(await first).toBe('turn');
    await expect(queue.wait(0, calledOff.signal)).rejects.toThrow('called off');
  });

  it('all leave with the reason that is given', async () => {
    const queue = turnQueue<string>();
    const waiting = [queue.wait(0, signal), queue.wait(1, signal)];
    queue.refuseAll(new Error('down'));
    for (const one of waiting) {
      await expect(one).rejects.toThrow('down');
    }
    queue.serve(() => 'nobody is there');
    expect(queue.isEmpty()).toBe(true);
  });
});
