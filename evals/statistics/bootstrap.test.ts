import { describe, expect, test } from 'vitest';
import { bootstrapInterval, meanOf } from './bootstrap.ts';
import { clusterInterval } from './cluster.ts';
import { createRandom } from './random.ts';

function width({ low, high }: { low: number; high: number }): number {
  return high - low;
}

/** Normal values by Box and Muller. */
function normals(count: number, seed: number): Float64Array<ArrayBuffer> {
  const random = createRandom(seed);
  return Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

const plan = { confidence: 0.95, seed: 7, resamples: 4000 };

describe('bootstrap', () => {
  test('the same seed gives the same interval', () => {
    const values = normals(60, 1);
    const first = bootstrapInterval({ ...plan, rows: 60 }, meanOf(values));
    expect(bootstrapInterval({ ...plan, rows: 60 }, meanOf(values))).toEqual(first);
    expect(bootstrapInterval({ ...plan, rows: 60, seed: 8 }, meanOf(values))).not.toEqual(first);
  });

  test('for the mean of many values it agrees with the t interval', () => {
    const values = normals(200, 2);
    const found = bootstrapInterval({ ...plan, rows: 200 }, meanOf(values));
    const exact = clusterInterval([...values], [...values].map(String), 0.95);
    expect(found.method).toBe('BCa');
    expect(found.value).toBeCloseTo(exact.mean, 12);
    expect(Math.abs(found.low - exact.low)).toBeLessThan(0.02);
    expect(Math.abs(found.high - exact.high)).toBeLessThan(0.02);
  });

  test('it leans to the long side of skewed values, as BCa should', () => {
    const values = normals(40, 3).map((x) => Math.exp(x));
    const { low, value, high } = bootstrapInterval({ ...plan, rows: 40 }, meanOf(values));
    expect(high - value).toBeGreaterThan(1.15 * (value - low));
  });

  test('agrees with scipy on the correlation of the law-school data of Efron and Tibshirani', () => {
    const scores = Float64Array.of(576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594);
    const grades = Float64Array.of(
      3.39,
      3.3,
      2.81,
      3.03,
      3.44,
      3.07,
      3.0,
      3.43,
      3.36,
      3.13,
      3.12,
      2.74,
      2.76,
      2.88,
      2.96,
    );
    const correlation = (rows: Int32Array): number => {
      const mean = { score: meanOf(scores)(rows), grade: meanOf(grades)(rows) };
      let [both, ofScores, ofGrades] = [0, 0, 0];
      for (const row of rows) {
        const score = (scores[row] ?? Number.NaN) - mean.score;
        const grade = (grades[row] ?? Number.NaN) - mean.grade;
        both += score * grade;
        ofScores += score * score;
        ofGrades += grade * grade;
      }
      return both / Math.sqrt(ofScores * ofGrades);
    };
    const found = bootstrapInterval({ rows: 15, confidence: 0.9, seed: 7, resamples: 100_000 }, correlation);
    // scipy 1.17.1, `bootstrap(method='BCa')`: mean of 30 seeds at 400,000 resamples. The tolerance is three standard
    // deviations of the lower end between seeds at the 100,000 resamples used here.
    expect(Math.abs(found.low - 0.4292)).toBeLessThan(0.0083);
    expect(Math.abs(found.high - 0.9269)).toBeLessThan(0.002);
  });

  test('its 95 % interval covers the true mean in about 95 of 100 samples', () => {
    let covered = 0;
    for (let sample = 0; sample < 300; sample += 1) {
      const values = normals(40, 1000 + sample);
      const { low, high } = bootstrapInterval({ ...plan, rows: 40, resamples: 400, seed: sample }, meanOf(values));
      covered += low <= 0 && high >= 0 ? 1 : 0;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.985);
  });

  test('drawing whole clusters widens the interval when rows of a cluster agree', () => {
    const centres = normals(20, 4);
    const values = Float64Array.from({ length: 80 }, (_, row) => centres[Math.floor(row / 4)] ?? Number.NaN);
    const clusters = Array.from(values, (_, row) => `cluster ${Math.floor(row / 4)}`);
    const single = bootstrapInterval({ ...plan, rows: 80 }, meanOf(values));
    const clustered = bootstrapInterval({ ...plan, rows: 80, clusters }, meanOf(values));
    expect(clustered.units).toBe(20);
    expect(width(clustered) / width(single)).toBeGreaterThan(1.7);
    expect(width(clustered) / width(single)).toBeLessThan(2.3);
  });

  test('when all resamples agree the interval is that value, by percentile', () => {
    const found = bootstrapInterval({ ...plan, rows: 30 }, () => 0.25);
    expect(found).toEqual({ value: 0.25, low: 0.25, high: 0.25, method: 'percentile', units: 30 });
  });

  test('a statistic that is not finite, and clusters that do not match the rows, are errors', () => {
    expect(() => bootstrapInterval({ ...plan, rows: 5 }, () => Number.NaN)).toThrow(RangeError);
    expect(() => bootstrapInterval({ ...plan, rows: 5, clusters: ['a'] }, () => 0)).toThrow(RangeError);
    expect(() => bootstrapInterval({ ...plan, rows: 0 }, () => 0)).toThrow(RangeError);
  });
});
