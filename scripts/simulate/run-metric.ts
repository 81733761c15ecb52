// Contests decided by macro-F1 between two arms that are equally good.
import { decidingInterval } from '../../evals/statistics/deciding-interval.ts';
import { macroF1, type CodedAnswers } from '../../evals/statistics/macro-f1.ts';
import { createRandom, type Random } from '../../evals/statistics/random.ts';
import { layoutOf, type Layout } from './draw.ts';
import type { Outcome } from './outcome.ts';
import { confidence, type MetricSetting } from './setting.ts';

/** Four labels, the last of them rare; running sums of their chances. */
const labels = [0.5, 0.8, 0.95, 1];

/** How often the candidate is called better, which it is not: the arms could be swapped. */
export function runMetric({ n, clusters, resamples }: MetricSetting, contests: number, seed: number): Outcome {
  const random = createRandom(seed);
  const layout = layoutOf(n, clusters);
  const names = clusters === null ? undefined : Array.from(layout.codes, (code) => `group ${code}`);
  let promoted = 0;
  for (let contest = 0; contest < contests; contest += 1) {
    const [ours, theirs] = arms(layout, clusters !== null, random);
    const statistic = (rows: Int32Array): number => macroF1(ours, rows) - macroF1(theirs, rows);
    const evidence = {
      kind: 'metric',
      statistic,
      rows: layout.rows,
      clusters: names,
      seed: contest,
      resamples,
    } as const;
    promoted += decidingInterval(evidence, confidence).low > 0 ? 1 : 0;
  }
  return { contests, rate: promoted / contests, formula: null, rows: layout.rows };
}

/** Half of the rows are answered alike; in clusters each arm has its own luck with each. */
function arms(layout: Layout, clustered: boolean, random: Random): [CodedAnswers, CodedAnswers] {
  const expected = Int32Array.from({ length: layout.rows }, () => labelOf(random));
  const both = [0, 1].map(() => {
    const chances = Float64Array.from({ length: layout.count }, () => (clustered && random() < 0.5 ? 0.65 : 0.85));
    return expected.map((label, row) => answerOf(label, chances[layout.codes[row] ?? 0] ?? 0, random));
  });
  const [first = expected, second = expected] = both;
  const alike = expected.map((_, row) => (random() < 0.5 ? (first[row] ?? 0) : -1));
  const mixed = (own: Int32Array): Int32Array =>
    own.map((answer, row) => ((alike[row] ?? -1) < 0 ? answer : (alike[row] ?? 0)));
  const coded = { expected, labels: labels.length };
  // Which arm lends its answers to both must not favour one of them.
  const [candidate, baseline] = random() < 0.5 ? [first, second] : [second, first];
  return [
    { ...coded, answered: mixed(candidate) },
    { ...coded, answered: mixed(baseline) },
  ];
}

function labelOf(random: Random): number {
  const draw = random();
  return labels.findIndex((limit) => draw < limit);
}

function answerOf(label: number, chance: number, random: Random): number {
  return random() < chance ? label : Math.floor(random() * labels.length);
}
