// Computes the cases of reference.py with evals/statistics and says where the values differ.
import { z } from 'zod';
import { benjaminiHochberg } from '../../evals/statistics/benjamini-hochberg.ts';
import { bcaInterval, percentileInterval } from '../../evals/statistics/bca.ts';
import { meanOf } from '../../evals/statistics/bootstrap.ts';
import { boundedScoreZ, countValues } from '../../evals/statistics/bounded-score.ts';
import { brierScore } from '../../evals/statistics/calibration.ts';
import { clusterInterval } from '../../evals/statistics/cluster.ts';
import { clusterTotals } from '../../evals/statistics/cluster-totals.ts';
import { normalQuantile, tQuantile } from '../../evals/statistics/distributions.ts';
import { mcnemarEValue } from '../../evals/statistics/e-value.ts';
import { fractionalLogit } from '../../evals/statistics/fractional-logit.ts';
import { holm } from '../../evals/statistics/holm.ts';
import { varianceComponents } from '../../evals/statistics/intraclass.ts';
import { cohenKappa } from '../../evals/statistics/kappa.ts';
import { codeAnswers, macroF1 } from '../../evals/statistics/macro-f1.ts';
import { matthews } from '../../evals/statistics/matthews.ts';
import { mcnemar } from '../../evals/statistics/mcnemar.ts';
import { microF1 } from '../../evals/statistics/micro-f1.ts';
import { pairedT } from '../../evals/statistics/paired-t.ts';
import { resample } from '../../evals/statistics/resample.ts';
import { rowsForNonInferiority, rowsForSuperiority } from '../../evals/statistics/sample-size.ts';
import { signFlip } from '../../evals/statistics/sign-flip.ts';
import { tangoInterval, tangoZ } from '../../evals/statistics/tango.ts';
import { wilsonInterval } from '../../evals/statistics/wilson.ts';

type Input = Readonly<Record<string, unknown>>;

/** How a kind of case is computed, and how far a value may lie from the reference, relative to its size. */
interface Kind {
  readonly compute: (input: Input) => readonly number[];
  readonly tolerance: number;
  /** How far it may lie whatever its size. */
  readonly absolute?: number;
}

const number = (input: Input, name: string): number => z.number().parse(input[name]);
const numbers = (input: Input, name: string): number[] => z.array(z.number()).parse(input[name]);
const ends = ({ low, high }: { low: number; high: number }): number[] => [low, high];

const counts = (input: Input): { wins: number; losses: number; n: number } => ({
  wins: number(input, 'wins'),
  losses: number(input, 'losses'),
  n: number(input, 'n'),
});

const plan = (input: Input): { discordance: number; difference: number; confidence: number; power: number } => ({
  discordance: number(input, 'discordance'),
  difference: number(input, 'difference'),
  confidence: number(input, 'confidence'),
  power: number(input, 'power'),
});

const kinds: Readonly<Record<string, Kind>> = {
  quantiles: {
    // jStat's own accuracy, for degrees of freedom that are not whole.
    tolerance: 1e-6,
    compute: (input) => [
      normalQuantile(number(input, 'p')),
      tQuantile(number(input, 'p'), number(input, 'df')),
      tQuantile(number(input, 'p'), number(input, 'real')),
    ],
  },
  mcnemar: {
    tolerance: 1e-8,
    compute: (input) => {
      const found = mcnemar(number(input, 'wins'), number(input, 'losses'));
      return [found.twoSided, found.oneSided, found.midP, found.chiSquare, found.corrected];
    },
  },
  logEValue: {
    tolerance: 1e-6,
    compute: (input) => [Math.log(mcnemarEValue(number(input, 'wins'), number(input, 'losses')))],
  },
  // The reference searches for a maximum, which is flat at its top.
  tangoZ: { tolerance: 1e-5, compute: (input) => [tangoZ(counts(input), number(input, 'delta'))] },
  tangoInterval: {
    tolerance: 1e-5,
    compute: (input) => ends(tangoInterval(counts(input), number(input, 'confidence'))),
  },
  boundedScore: {
    tolerance: 1e-4,
    compute: (input) => [boundedScoreZ(countValues(numbers(input, 'values')), number(input, 'mean'))],
  },
  wilson: {
    tolerance: 1e-9,
    compute: (input) => ends(wilsonInterval(number(input, 'k'), number(input, 'n'), number(input, 'confidence'))),
  },
  pairedT: {
    tolerance: 1e-8,
    compute: (input) => {
      const found = pairedT(numbers(input, 'differences'), number(input, 'confidence'));
      return [found.p, found.low, found.high];
    },
  },
  signFlip: {
    tolerance: 1e-9,
    compute: (input) => {
      const alternative = z.enum(['two-sided', 'greater']).parse(input['alternative']);
      return [signFlip({ differences: numbers(input, 'differences'), alternative, seed: 1, resamples: 1 }).p];
    },
  },
  cluster: {
    tolerance: 1e-8,
    compute: (input) => {
      const found = clusterInterval(numbers(input, 'values'), numbers(input, 'groups').map(String), 0.95);
      return [found.standardError, found.p];
    },
  },
  icc: {
    tolerance: 1e-8,
    compute: (input) => {
      const table = z.array(z.array(z.number())).parse(input['table']);
      const names = table.flatMap((row, group) => row.map(() => String(group)));
      return [varianceComponents(clusterTotals(table.flat(), names)).icc];
    },
  },
  holm: { tolerance: 1e-12, compute: (input) => holm(numbers(input, 'p')) },
  benjaminiHochberg: { tolerance: 1e-12, compute: (input) => benjaminiHochberg(numbers(input, 'p')) },
  kappa: {
    tolerance: 1e-8,
    compute: (input) => {
      const [first, second] = [Int32Array.from(numbers(input, 'first')), Int32Array.from(numbers(input, 'second'))];
      const weights = z.enum(['none', 'linear', 'quadratic']).parse(input['weights']);
      const found = cohenKappa(first, second, number(input, 'codes'), 0.95, weights);
      return [found.kappa, found.standardError];
    },
  },
  labels: {
    tolerance: 1e-10,
    compute: (input) => {
      const answered = numbers(input, 'answered');
      const rows = numbers(input, 'expected').map((expected, row) => ({
        expected: String(expected),
        parsed: String(answered[row]),
      }));
      const coded = codeAnswers(rows);
      return [macroF1(coded), microF1(coded), matthews(coded)];
    },
  },
  brier: {
    tolerance: 1e-10,
    compute: (input) => {
      const [probability, right] = [numbers(input, 'probability'), numbers(input, 'right')];
      return [brierScore({ probability: Float64Array.from(probability), right: Float64Array.from(right) })];
    },
  },
  fractionalLogit: {
    // The reference stops its search at a small gradient.
    tolerance: 1e-5,
    compute: (input) => {
      const clusters = numbers(input, 'groups').map(String);
      const data = { shares: numbers(input, 'y'), regressors: [numbers(input, 'x')], clusters };
      const { intercept, slopes, low, high } = fractionalLogit(data, 0.95);
      return [intercept, ...slopes, low, high];
    },
  },
  rowsForNonInferiority: {
    tolerance: 0,
    compute: (input) => [rowsForNonInferiority({ ...plan(input), margin: number(input, 'margin') })],
  },
  rowsForSuperiority: { tolerance: 0, compute: (input) => [rowsForSuperiority(plan(input))] },
  bootstrap: {
    // Both sides are random, and the cases are scaled to intervals about 1 wide: four standard deviations of an end.
    tolerance: 0,
    absolute: 0.03,
    compute: (input) => {
      const values = Float64Array.from(numbers(input, 'values'));
      const resampled = resample({ rows: values.length, seed: 1, resamples: 40_000 }, meanOf(values));
      return [...ends(bcaInterval(resampled, 0.95)), ...ends(percentileInterval(resampled, 0.95))];
    },
  },
};

/** The values that lie too far from the reference; all of them when their number differs. */
export function differences(kind: string, input: Input, expected: readonly number[]): string[] {
  const known = kinds[kind];
  if (known === undefined) {
    return [`no function computes ${kind}`];
  }
  const found = known.compute(input);
  if (found.length !== expected.length) {
    return [`${found.length} values instead of ${expected.length}`];
  }
  return found.flatMap((value, index) => {
    const wanted = expected[index] ?? Number.NaN;
    const relative = known.tolerance * Math.max(1e-3, Math.min(1, Math.abs(wanted)));
    const close = Math.abs(value - wanted) <= Math.max(relative, known.absolute ?? 0);
    return close || value === wanted ? [] : [`value ${index}: ${value}, reference ${wanted}`];
  });
}
