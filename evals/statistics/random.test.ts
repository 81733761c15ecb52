import { describe, expect, test } from 'vitest';
import { createRandom, randomInteger, shuffled } from './random.ts';

function take(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random());
}

describe('random', () => {
  test('the same seed gives the same sequence, another seed another one', () => {
    expect(take(7, 20)).toEqual(take(7, 20));
    expect(take(7, 20)).not.toEqual(take(8, 20));
    expect(take(7, 20)).not.toEqual(take(7 + 2 ** 32, 20));
  });

  test('numbers are uniform on [0, 1): mean, variance and ten bins are where they should be', () => {
    const numbers = take(1, 100_000);
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.004);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
    for (let bin = 0; bin < 10; bin += 1) {
      const count = numbers.filter((x) => Math.floor(x * 10) === bin).length;
      expect(Math.abs(count - 10_000)).toBeLessThan(500);
    }
  });

  test('integers reach every value below the bound and none above', () => {
    const random = createRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 6)));
    expect([...seen].toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('shuffling keeps every item once', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const mixed = shuffled(items, createRandom(5));
    expect(mixed).not.toEqual(items);
    expect(mixed.toSorted((left, right) => left - right)).toEqual(items);
  });

  test('a seed that is no non-negative integer is an error', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 60]) {
      expect(() => createRandom(seed)).toThrow(RangeError);
    }
  });
});
