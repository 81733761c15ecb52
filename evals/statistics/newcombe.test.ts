import { describe, expect, test } from 'vitest';
import { newcombeInterval } from './newcombe.ts';

function width(bothRight: number, bothWrong: number, each: number): number {
  const { low, high } = newcombeInterval({ bothRight, wins: each, losses: each, bothWrong }, 0.95);
  return high - low;
}

describe('Newcombe', () => {
  test('method 10 agrees with the reference', () => {
    const { low, high } = newcombeInterval({ bothRight: 36, wins: 12, losses: 2, bothWrong: 0 }, 0.95);
    expect(low).toBeCloseTo(0.05693, 6);
    expect(high).toBeCloseTo(0.340428, 6);
  });

  test('swapping the arms mirrors the interval', () => {
    const { low, high } = newcombeInterval({ bothRight: 60, wins: 12, losses: 5, bothWrong: 23 }, 0.9);
    const mirrored = newcombeInterval({ bothRight: 60, wins: 5, losses: 12, bothWrong: 23 }, 0.9);
    expect(mirrored.low).toBeCloseTo(-high, 12);
    expect(mirrored.high).toBeCloseTo(-low, 12);
  });

  test('pairs that go together narrow it', () => {
    expect(width(45, 45, 5)).toBeLessThan(0.6 * width(25, 25, 25));
  });

  test('impossible counts are an error', () => {
    expect(() => newcombeInterval({ bothRight: 1, wins: -1, losses: 0, bothWrong: 0 }, 0.95)).toThrow(RangeError);
    expect(() => newcombeInterval({ bothRight: 0, wins: 0, losses: 0, bothWrong: 0 }, 0.95)).toThrow(RangeError);
  });
});
