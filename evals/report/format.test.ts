import { expect, test } from 'vitest';
import { bytes, dollars, duration, latency, percent, shortened, signedPoints, whole } from './format.ts';

test('shares and differences carry their unit and sign', () => {
  expect(percent(0.4375)).toBe('43.8 %');
  expect([0.094, -0.01, 0.0001, -0.0001].map(signedPoints)).toEqual(['+9.4', '−1.0', '0.0', '0.0']);
  expect(whole(12_345.4)).toBe('12,345');
});

test('durations change unit where people do', () => {
  expect([0.84, 42.4, 238, 3599.6, 7320].map(duration)).toEqual([
    '0.8 s',
    '42 s',
    '3 min 58 s',
    '1 h 0 min',
    '2 h 2 min',
  ]);
  expect([84.6, 1234].map(latency)).toEqual(['85 ms', '1.2 s']);
});

test('an unknown cost is called so and never shown as nothing', () => {
  expect([null, 0, 0.0123, 12.5].map(dollars)).toEqual(['no price stated', '$0.00', '$0.0123', '$12.50']);
});

test('bytes use binary units', () => {
  expect([0, 512, 1536, 3 * 2 ** 30].map(bytes)).toEqual(['0 bytes', '512 bytes', '1.5 KiB', '3.0 GiB']);
});

test('a long text is cut between characters and says how long it was', () => {
  expect(shortened('short', 10)).toBe('short');
  expect(shortened('x'.repeat(2000), 4)).toBe('xxxx… (2,000 characters)');
  expect(shortened('abc😀def', 4)).toBe('abc… (8 characters)');
});
