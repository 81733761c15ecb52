import { describe, expect, it } from 'vitest';
import { fractionalLogit, logistic } from './fractional-logit.ts';
import { createRandom } from './random.ts';

const shares = [1, 0.5, 0, 1, 1, 0, 0.5, 1, 0, 1, 1, 0.5];
const regressor = [0.9, -0.2, -0.7, 0.4, -0.1, 0.3, 0, 0.8, -0.9, 0.5, -0.4, 0.1];
const alone = shares.map((_, row) => `row ${row}`);
const pairs = shares.map((_, row) => `pair ${Math.floor(row / 2)}`);

const column = { shares, regressors: [regressor] };

describe('a fractional logit', () => {
  it('has the maximum that scipy 1.18 finds, and the wider of the two intervals computed with numpy', () => {
    const one = fractionalLogit({ ...column, clusters: alone }, 0.95);
    expect(one.intercept).toBeCloseTo(0.36159794, 6);
    expect(one.slopes[0]).toBeCloseTo(2.4326228, 6);
    expect((one.high - one.low) / 2).toBeCloseTo(1.2461215763389966, 6);
    const two = fractionalLogit(
      { shares, regressors: [regressor, regressor.map((x) => Math.sign(x))], clusters: pairs },
      0.95,
    );
    expect(two.intercept).toBeCloseTo(0.37578571, 6);
    expect(two.slopes[0]).toBeCloseTo(6.28012429, 5);
    expect(two.slopes[1]).toBeCloseTo(-2.04352662, 5);
    expect((two.high - two.low) / 2).toBeCloseTo(1.543971455991157, 6);
  });

  it('is as wide as whole clusters make it', () => {
    const copies = shares.flatMap((share) => Array.from({ length: 20 }, () => share));
    const x = regressor.flatMap((value) => Array.from({ length: 20 }, () => value));
    const clusters = copies.map((_, row) => `c${Math.floor(row / 20)}`);
    const width = (names: readonly string[]): number => {
      const { low, high } = fractionalLogit({ shares: copies, regressors: [x], clusters: names }, 0.95);
      return high - low;
    };
    expect(width(clusters)).toBeGreaterThan(2 * width(copies.map((_, row) => `r${row}`)));
  });

  it('puts next to nothing on the intercept when the regressors decide everything, and stays uncertain', () => {
    // Three times as many rows on one side: what is left of it must not look like an intercept.
    const x = Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? -1 : 1) * (1 + (row % 7)));
    const regressors = [x.map((value) => Math.tanh(value / 4)), x.map((value) => Math.sign(value))];
    const fit = fractionalLogit(
      { shares: x.map((value) => (value > 0 ? 1 : 0)), regressors, clusters: x.map((_, row) => `r${row}`) },
      0.95,
    );
    expect(Math.abs(fit.intercept)).toBeLessThan(0.05);
    expect(fit.low).toBeLessThan(-1);
  });

  it('covers the true intercept about as often as it says', () => {
    const random = createRandom(11);
    let covered = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const x = Array.from({ length: 150 }, () => 2 * random() - 1);
      const y = x.map((value) => (random() < logistic(0.4 + 1.5 * value) ? 1 : 0));
      const { low, high } = fractionalLogit(
        { shares: y, regressors: [x], clusters: x.map((_, row) => `r${row}`) },
        0.95,
      );
      covered += low < 0.4 && high > 0.4 ? 1 : 0;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.985);
  });

  it('refuses shares beyond 0 and 1, and columns of another length', () => {
    const clusters = ['a', 'b'];
    expect(() => fractionalLogit({ shares: [1.5, 0], regressors: [[0, 1]], clusters }, 0.95)).toThrow('from 0 to 1');
    expect(() => fractionalLogit({ shares: [1], regressors: [[0, 1]], clusters }, 0.95)).toThrow('one value for each');
    expect(() => fractionalLogit({ shares: [1, 0], regressors: [[0, Number.NaN]], clusters }, 0.95)).toThrow('finite');
  });
});
