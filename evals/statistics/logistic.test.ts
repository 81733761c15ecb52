import { describe, expect, test } from 'vitest';
import { logisticRegression } from './logistic.ts';

const outcomes = [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0];
const withTies = [1, 0, 1, 0.5, 0.5, 1, 0, 0, 1, 1, 1, 0];
const predictor = Float64Array.of(0.3, -1, 0.5, -0.2, 0.1, 1.4, -0.6, -0.3, 0.8, -1.1, 0.9, 0.4);
const ones = new Float64Array(12).fill(1);

function expectClose(found: Float64Array, expected: readonly number[]): void {
  expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 8));
}

describe('logistic regression', () => {
  test('coefficients and covariance agree with statsmodels', () => {
    const fit = logisticRegression([ones, predictor], outcomes);
    expect(fit.kind).toBe('fitted');
    if (fit.kind === 'fitted') {
      expectClose(fit.coefficients, [0.2705699514, 1.3950244338]);
      expectClose(fit.covariance, [0.4247883271, -0.0089606502, -0.0089606502, 0.991782003]);
    }
  });

  test('with ties the robust covariance agrees with that of a binomial model in statsmodels', () => {
    const fit = logisticRegression([ones, predictor], withTies);
    expect(fit.kind).toBe('fitted');
    if (fit.kind === 'fitted') {
      expectClose(fit.coefficients, [0.2695125596, 1.5504859261]);
      expectClose(fit.robustCovariance, [0.3491818762, -0.2836763023, -0.2836763023, 1.2508163924]);
    }
  });

  test('an intercept alone is the logit of the share', () => {
    const fit = logisticRegression([ones], outcomes);
    expect(fit.kind === 'fitted' && fit.coefficients[0]).toBeCloseTo(Math.log(7 / 5), 10);
  });

  test('a predictor that tells all outcomes apart, or repeats another, gives no fit', () => {
    const perfect = Float64Array.from(outcomes, (outcome) => outcome - 0.5);
    expect(logisticRegression([ones, perfect], outcomes).kind).toBe('separated');
    expect(logisticRegression([ones, ones], outcomes).kind).toBe('separated');
    expect(
      logisticRegression(
        [ones],
        outcomes.map(() => 1),
      ).kind,
    ).toBe('separated');
  });

  test('an outcome beyond 0 and 1, and arrays that do not match, are errors', () => {
    expect(() => logisticRegression([ones], [...outcomes.slice(1), 2])).toThrow('row 11');
    expect(() => logisticRegression([ones.subarray(1)], outcomes)).toThrow(RangeError);
    expect(() => logisticRegression([], outcomes)).toThrow(RangeError);
  });
});
