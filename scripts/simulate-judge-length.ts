// Simulates judges that have no preference but for length, and counts how often the candidate is found superior at equal
// length. The table in docs/judge.md is its output.
//
//   node scripts/simulate-judge-length.ts [trials]
import type { RowJudgement } from '../domain/judgement.ts';
import { adjustForLength } from '../evals/judge/length-adjusted.ts';
import { normalQuantile } from '../evals/statistics/distributions.ts';
import { fractionalLogit, logistic } from '../evals/statistics/fractional-logit.ts';
import { createRandom, type Random } from '../evals/statistics/random.ts';

const confidence = 0.95;
const trials = Number(process.argv[2] ?? 400);

/** Preference, from -1 to 1, of a judge by the difference in characters and the standard deviation of the differences. */
const judges: Readonly<Record<string, (difference: number, spread: number, random: Random) => number>> = {
  'always the longer answer': (difference) => Math.sign(difference),
  'the longer answer, half ties': (difference, _, random) => (random() < 0.5 ? 0 : Math.sign(difference)),
  'steep in length, with noise': (difference, spread, random) =>
    noisy(2 * Math.tanh((5 * difference) / spread), random),
  'tanh-shaped, with noise': (difference, spread, random) => noisy(2 * Math.tanh(difference / spread), random),
  'linear in length, with noise': (difference, spread, random) => noisy((1.2 * difference) / spread, random),
};

/** Differences in characters of which about this share is above 0. */
const lengths: readonly ((share: number, random: Random) => number)[] = [
  (share, random) => Math.round(60 * (normalQuantile(share) + normalQuantile(Math.max(1e-9, random())))),
  (share, random) => {
    const longer = random() < share;
    return 5 * (Math.floor(random() * 10) - Math.floor(random() * 10) + (longer ? 12 : -12));
  },
];

function noisy(logOdds: number, random: Random): number {
  return random() < logistic(logOdds) ? 1 : -1;
}

interface Sample {
  readonly differences: readonly number[];
  readonly preferences: readonly number[];
  readonly spread: number;
}

function draw(judge: string, n: number, longer: number, shape: number, random: Random): Sample {
  const differences = Array.from({ length: n }, () => lengths[shape]?.(longer, random) ?? 0);
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const spread = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / n);
  return { differences, spread, preferences: differences.map((one) => judges[judge]?.(one, spread, random) ?? 0) };
}

function tanhAlone({ differences, preferences, spread }: Sample): boolean {
  const fit = fractionalLogit(
    {
      shares: preferences.map((one) => (one + 1) / 2),
      regressors: [differences.map((one) => Math.tanh(one / spread))],
      clusters: differences.map((_, row) => `row ${row}`),
    },
    confidence,
  );
  return fit.low > 0;
}

function asShipped({ differences, preferences }: Sample): boolean {
  const rows = differences.map((difference, row): RowJudgement => ({
    rowId: `row ${row}`,
    expected: '',
    slices: {},
    settled: 'judged',
    judges: [],
    preference: preferences[row] ?? 0,
    lengths: { candidate: 1000 + difference, other: 1000 },
    truncated: false,
    unreadable: false,
    unanswered: false,
  }));
  const adjustment = adjustForLength(rows, confidence);
  return adjustment.kind === 'estimated' && adjustment.effect.low > 0;
}

function percentages(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((count) => ((100 * count) / trials).toFixed(1));
  return `${least} – ${most} %`;
}

console.log('| judge | raw preference | tanh alone | tanh and sign |\n| --- | --- | --- | --- |');
for (const judge of Object.keys(judges)) {
  const found: { raw: number; tanh: number; shipped: number }[] = [];
  for (const n of [100, 400, 2000]) {
    for (const longer of [0.6, 0.75, 0.9]) {
      for (const shape of lengths.keys()) {
        const counts = { raw: 0, tanh: 0, shipped: 0 };
        for (let trial = 0; trial < trials; trial += 1) {
          const sample = draw(judge, n, longer, shape, createRandom(trial * 1000 + n + longer * 100 + shape));
          const mean = sample.preferences.reduce((sum, one) => sum + one, 0) / n;
          const squares = sample.preferences.reduce((sum, one) => sum + (one - mean) ** 2, 0);
          counts.raw += mean - 1.96 * Math.sqrt(squares / n / n) > 0 ? 1 : 0;
          counts.tanh += tanhAlone(sample) ? 1 : 0;
          counts.shipped += asShipped(sample) ? 1 : 0;
        }
        found.push(counts);
      }
    }
  }
  const column = (key: 'raw' | 'tanh' | 'shipped'): string => percentages(found.map((counts) => counts[key]));
  console.log(`| ${judge} | ${column('raw')} | ${column('tanh')} | ${column('shipped')} |`);
}
