import { describe, expect, test } from 'vitest';
import { clusterInterval } from './cluster.ts';
import { clusterBootstrapT } from './cluster-bootstrap-t.ts';
import { createRandom } from './random.ts';

const plan = { confidence: 0.95, seed: 2, resamples: 4000 };

function sample(clusters: number, seed: number): { values: number[]; names: string[] } {
  const random = createRandom(seed);
  const names = Array.from({ length: clusters * 5 }, (_, row) => `g${row % clusters}`);
  const effects = Array.from({ length: clusters }, () => random() - 0.5);
  return { values: names.map((_, row) => (effects[row % clusters] ?? 0) + random() - 0.5), names };
}

describe('cluster bootstrap-t', () => {
  test('with many clusters it agrees with the cluster-robust t interval', () => {
    const { values, names } = sample(200, 1);
    const found = clusterBootstrapT(values, names, plan);
    const exact = clusterInterval(values, names, 0.95);
    expect(Math.abs(found.low - exact.low)).toBeLessThan(0.01);
    expect(Math.abs(found.high - exact.high)).toBeLessThan(0.01);
    expect(found.clusters).toBe(200);
  });

  test('its 95 % interval of eight clusters covers the true mean in about 95 of 100 samples', () => {
    let covered = 0;
    for (let seed = 0; seed < 300; seed += 1) {
      const { values, names } = sample(8, 100 + seed);
      const { low, high } = clusterBootstrapT(values, names, { ...plan, resamples: 300 });
      covered += low <= 0 && high >= 0 ? 1 : 0;
    }
    expect(covered / 300).toBeGreaterThan(0.91);
  });

  test('the same seed gives the same interval, and too few clusters are an error', () => {
    const { values, names } = sample(10, 7);
    expect(clusterBootstrapT(values, names, plan)).toEqual(clusterBootstrapT(values, names, plan));
    expect(() => clusterBootstrapT([1, 2], ['a', 'b'], plan)).toThrow('at least three clusters');
  });
});
