import { describe, expect, test } from 'vitest';
import { criticalZ } from './distributions.ts';
import { tangoInterval, tangoNonInferiority, tangoZ } from './tango.ts';
import type { PairedCounts } from './tango.ts';

/** The score statistic by definition: nuisance parameter from a numeric search for the constrained maximum. */
function zByNumericLikelihood({ wins, losses, n }: PairedCounts, delta: number): number {
  const logLikelihood = (loss: number): number =>
    term(wins, loss + delta) + term(losses, loss) + term(n - wins - losses, 1 - 2 * loss - delta);
  let low = Math.max(0, -delta);
  let high = (1 - delta) / 2;
  for (let step = 0; step < 200; step += 1) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (logLikelihood(left) < logLikelihood(right)) {
      low = left;
    } else {
      high = right;
    }
  }
  const loss = (low + high) / 2;
  return (wins - losses - n * delta) / Math.sqrt(n * (2 * loss + delta * (1 - delta)));
}

function term(count: number, probability: number): number {
  return count === 0 ? 0 : count * Math.log(Math.max(probability, 1e-300));
}

describe('Tango', () => {
  test.each([
    { wins: 12, losses: 2, n: 50, low: 0.061112, high: 0.344709 },
    { wins: 10, losses: 2, n: 100, low: 0.014296, high: 0.15804 },
    { wins: 0, losses: 1, n: 44, low: -0.118077, high: 0.059393 },
    { wins: 60, losses: 80, n: 2000, low: -0.021826, high: 0.001616 },
  ])('the interval of $wins wins and $losses losses of $n agrees with the reference', ({ low, high, ...counts }) => {
    const interval = tangoInterval(counts, 0.95);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  test.each([
    { wins: 60, losses: 80, n: 2000, margin: 0.02, z: 1.664701, p: 0.0479862 },
    { wins: 60, losses: 80, n: 2000, margin: 0.03, z: 3.236955, p: 0.000604 },
    { wins: 40, losses: 45, n: 1000, margin: 0.02, z: 1.601568, p: 0.0546256 },
    { wins: 10, losses: 10, n: 200, margin: 0.05, z: 2.072386, p: 0.0191147 },
  ])('non-inferiority of $wins/$losses of $n at $margin agrees with the reference', ({ margin, z, p, ...counts }) => {
    const found = tangoNonInferiority(counts, margin);
    expect(found.z).toBeCloseTo(z, 6);
    expect(found.p).toBeCloseTo(p, 6);
  });

  test('at a difference of 0 the statistic is that of McNemar', () => {
    expect(tangoZ({ wins: 25, losses: 15, n: 300 }, 0)).toBeCloseTo(10 / Math.sqrt(40), 12);
  });

  test('the interval holds exactly the differences that a brute-force score test accepts', () => {
    const z = criticalZ(0.95);
    for (const counts of [
      { wins: 12, losses: 2, n: 50 },
      { wins: 3, losses: 9, n: 40 },
      { wins: 40, losses: 25, n: 160 },
      { wins: 0, losses: 4, n: 30 },
    ]) {
      const interval = tangoInterval(counts, 0.95);
      for (let delta = -0.9; delta < 0.9; delta += 0.0137) {
        const accepted = Math.abs(zByNumericLikelihood(counts, delta)) <= z;
        expect(accepted, `delta ${delta}`).toBe(delta >= interval.low && delta <= interval.high);
      }
    }
  });

  test('swapping the arms mirrors the interval', () => {
    const { low, high } = tangoInterval({ wins: 9, losses: 3, n: 70 }, 0.9);
    const mirrored = tangoInterval({ wins: 3, losses: 9, n: 70 }, 0.9);
    expect(mirrored.low).toBeCloseTo(-high, 10);
    expect(mirrored.high).toBeCloseTo(-low, 10);
  });

  test('without discordant pairs the interval is symmetric around 0 and not empty', () => {
    const { low, high } = tangoInterval({ wins: 0, losses: 0, n: 100 }, 0.95);
    expect(low).toBeCloseTo(-high, 10);
    expect(high).toBeCloseTo(criticalZ(0.95) ** 2 / (100 + criticalZ(0.95) ** 2), 8);
  });

  test('when every pair is a win the upper bound is 1', () => {
    const { low, high } = tangoInterval({ wins: 20, losses: 0, n: 20 }, 0.95);
    expect(high).toBe(1);
    expect(low).toBeGreaterThan(0.6);
    expect(tangoInterval({ wins: 0, losses: 20, n: 20 }, 0.95).low).toBe(-1);
  });

  test('impossible counts are an error', () => {
    expect(() => tangoInterval({ wins: 3, losses: 3, n: 5 }, 0.95)).toThrow(RangeError);
    expect(() => tangoZ({ wins: 0, losses: 0, n: 0 }, 0)).toThrow(RangeError);
  });
});
