import { describe, expect, test } from 'vitest';
import { mcnemarEValue } from './e-value.ts';
import { createRandom } from './random.ts';

describe('e-value of McNemar', () => {
  test.each([
    { wins: 10, losses: 2, expected: 4.10059, digits: 5 },
    { wins: 20, losses: 5, expected: 19.4853, digits: 4 },
    { wins: 30, losses: 10, expected: 23.444, digits: 3 },
    { wins: 19, losses: 32, expected: 0.593603, digits: 6 },
  ])('of $wins wins and $losses losses agrees with the reference', ({ wins, losses, expected, digits }) => {
    expect(mcnemarEValue(wins, losses)).toBeCloseTo(expected, digits);
    expect(mcnemarEValue(losses, wins)).toBeCloseTo(expected, digits);
  });

  test('before any discordant pair it is 1', () => {
    expect(mcnemarEValue(0, 0)).toBeCloseTo(1, 10);
  });

  test('looked at after each of 500 fair pairs it reaches 20 in at most 5 % of sequences', () => {
    const random = createRandom(8);
    let reached = 0;
    for (let sequence = 0; sequence < 2000; sequence += 1) {
      let [wins, losses] = [0, 0];
      let largest = 1;
      for (let pair = 0; pair < 500 && largest < 20; pair += 1) {
        [wins, losses] = random() < 0.5 ? [wins + 1, losses] : [wins, losses + 1];
        largest = Math.max(largest, mcnemarEValue(wins, losses));
      }
      reached += largest >= 20 ? 1 : 0;
    }
    expect(reached / 2000).toBeLessThan(0.05);
    expect(reached).toBeGreaterThan(10);
  });

  test('a count that is no non-negative integer is an error', () => {
    expect(() => mcnemarEValue(-1, 2)).toThrow(RangeError);
  });
});
