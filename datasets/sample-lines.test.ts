import { describe, expect, it } from 'vitest';
import { sampleLines, sampleSize } from './sample-lines.ts';

async function* numbers(total: number): AsyncGenerator<string> {
  for (let number = 0; number < total; number += 1) {
    yield String(number);
  }
}

const drawn = async (total: number, wanted: number, seed: number): Promise<string[]> =>
  await Array.fromAsync(sampleLines(numbers(total), { total, wanted, seed }));

describe('a sample of lines', () => {
  it('has exactly as many as are wanted, in their order, and is that of its seed', async () => {
    const sample = await drawn(1000, 50, 7);
    expect(sample).toHaveLength(50);
    expect(sample.map(Number)).toEqual(sample.map(Number).toSorted((left, right) => left - right));
    expect(await drawn(1000, 50, 7)).toEqual(sample);
    expect(await drawn(1000, 50, 8)).not.toEqual(sample);
  });

  it('is everything when all lines are wanted, and nothing when none is', async () => {
    expect(await drawn(20, 20, 1)).toHaveLength(20);
    expect(await drawn(20, 0, 1)).toEqual([]);
  });

  it('takes each line about equally often', async () => {
    const counts = new Uint32Array(40);
    for (let seed = 0; seed < 1000; seed += 1) {
      for (const line of await drawn(40, 10, seed)) {
        counts[Number(line)] = (counts[Number(line)] ?? 0) + 1;
      }
    }
    // 250 expected; five standard deviations of √(1000 · ¼ · ¾) are 68.
    expect(Math.min(...counts)).toBeGreaterThan(182);
    expect(Math.max(...counts)).toBeLessThan(318);
  });

  it('has fewer rows of long texts', () => {
    expect(sampleSize(100, 10_000, 20_000)).toBe(100);
    expect(sampleSize(50_000, 5_000_000, 20_000)).toBe(20_000);
    expect(sampleSize(50_000, 50_000 * 2 ** 20, 20_000)).toBe(64);
    expect(sampleSize(3, 3 * 2 ** 30, 20_000)).toBe(1);
    expect(sampleSize(0, 0, 20_000)).toBe(0);
  });
});
