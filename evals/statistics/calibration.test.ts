import { describe, expect, test } from 'vitest';
import { brierScore, calibrationError } from './calibration.ts';

const stated = {
  probability: Float64Array.of(0.9, 0.95, 0.6, 0.7, 0.2, 1),
  right: Float64Array.of(1, 0, 1, 1, 0, 1),
};

describe('calibration', () => {
  test('the Brier score agrees with a calculation by hand', () => {
    expect(brierScore(stated)).toBeCloseTo((0.01 + 0.9025 + 0.16 + 0.09 + 0.04 + 0) / 6, 12);
    expect(brierScore(stated, Int32Array.of(5, 5))).toBe(0);
  });

  test('the calibration error agrees with a calculation by hand', () => {
    // Bins (0.1, 0.2], (0.5, 0.6], (0.6, 0.7], (0.8, 0.9], (0.9, 1]: gaps 0.2, 0.4, 0.3, 0.1, |1.95 − 1|.
    expect(calibrationError(stated)).toBeCloseTo((0.2 + 0.4 + 0.3 + 0.1 + 0.95) / 6, 12);
    expect(calibrationError(stated, 1)).toBeCloseTo(Math.abs(4.35 - 4) / 6, 12);
  });

  test('probabilities that hold are calibrated', () => {
    const half = { probability: Float64Array.of(0.5, 0.5), right: Float64Array.of(1, 0) };
    expect(calibrationError(half)).toBe(0);
  });

  test('no rows and a probability beyond 1 are errors', () => {
    expect(() => brierScore(stated, Int32Array.of())).toThrow(RangeError);
    expect(() => calibrationError({ ...stated, probability: Float64Array.of(2) })).toThrow('probability 2');
  });
});
