// Runs the contests of one setting through the functions that decide in earnest.
import { chooseCandidate } from '../../evals/choose-candidate.ts';
import { claims, holm } from '../../evals/statistics/holm.ts';
import { totalsInterval } from '../../evals/statistics/clustered-interval.ts';
import { codedTotals } from '../../evals/statistics/cluster-totals.ts';
import { decidingInterval } from '../../evals/statistics/deciding-interval.ts';
import { countedInterval, scorePart } from '../../evals/statistics/independent-interval.ts';
import type { DecidingInterval } from '../../evals/statistics/interval-hull.ts';
import { designEffect } from '../../evals/statistics/intraclass.ts';
import { createWords, type Words } from '../../evals/statistics/random.ts';
import { powerForNonInferiority } from '../../evals/statistics/sample-size.ts';
import type { SweepEntry } from '../../domain/sweep.ts';
import { drawRows, layoutOf, mix, samplerOf, type Layout, type Sampler } from './draw.ts';
import { varianceOf, type Population } from './populations.ts';
import type { Outcome } from './outcome.ts';
import { runMetric } from './run-metric.ts';
import { confidence, type MetricSetting, type Setting } from './setting.ts';

/** Chance of a false promotion that is allowed for. */
export const alpha = (1 - confidence) / 2;
/** So many contests of each setting are decided from their rows as well, and must come out the same. */
const checked = 20;

interface Contest {
  readonly setting: Setting;
  readonly population: Population;
  readonly layout: Layout;
  readonly sampler: Sampler;
  readonly fill: Words;
}

/** @param seed of every random choice of this setting */
export function runSetting(setting: Setting | MetricSetting, contests: number, seed: number): Outcome {
  return setting.kind === 'metric' ? runMetric(setting, contests, seed) : runRows(setting, contests, seed);
}

function runRows(setting: Setting, contests: number, seed: number): Outcome {
  const fill = createWords(seed);
  const population = setting.shape.withMean(setting.difference);
  const layout = layoutOf(setting.n, setting.clusters);
  const contest = { setting, population, layout, sampler: samplerOf(population, fill), fill };
  let promoted = 0;
  for (let index = 0; index < contests; index += 1) {
    promoted += promotes(contest, index < checked) ? 1 : 0;
  }
  return { contests, rate: promoted / contests, formula: formulaOf(contest), rows: layout.rows };
}

function promotes(contest: Contest, check: boolean): boolean {
  const { candidates, margin } = contest.setting;
  switch (candidates) {
    case 'one':
      return decide(contest, drawn(contest), check).low > -margin;
    case 'five, one chosen': {
      // Validation rows are as many as test rows, and are drawn apart from them.
      const scores = five(contest).map((rows) => meanOf(contest, rows));
      const chosen = chooseCandidate(scores.map((score, index) => entry(index, score)));
      const tested = five(contest)[Number(chosen?.id)];
      return tested !== undefined && decide(contest, tested, check).low > -margin;
    }
    case 'five, Holm': {
      const pValues = five(contest).map((rows) => decide(contest, rows, check).pAbove(-margin));
      return holm(pValues).some((adjusted) => claims(adjusted, alpha));
    }
    default:
      return candidates satisfies never;
  }
}

function drawn({ layout, setting, sampler, fill }: Contest): Uint8Array {
  const rows = new Uint8Array(layout.rows);
  drawRows(rows, layout, setting.clusters?.icc ?? 0, sampler, fill);
  return rows;
}

function five(contest: Contest): Uint8Array[] {
  const shared = drawn(contest);
  return Array.from({ length: 5 }, () => {
    const own = drawn(contest);
    mix(own, shared, contest.fill);
    return own;
  });
}

/** The deciding interval from counts and totals, as {@link decidingInterval} makes it from rows. */
function decide({ setting, population, layout }: Contest, rows: Uint8Array, check: boolean): DecidingInterval {
  const counts = new Float64Array(population.values.length);
  for (let row = 0; row < rows.length; row += 1) {
    const index = rows[row] ?? 0;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const seen = {
    values: population.values.filter((_, index) => (counts[index] ?? 0) > 0),
    counts: counts.filter(Boolean),
  };
  const differences = setting.clusters === null && !check ? null : valuesOf(population, rows);
  const found =
    setting.clusters === null || differences === null
      ? countedInterval(seen, confidence)
      : totalsInterval(codedTotals(differences, layout.codes, layout.count), scorePart(seen, confidence), confidence);
  if (check && differences !== null) {
    const clusters = setting.clusters === null ? undefined : Array.from(layout.codes, (code) => `group ${code}`);
    const again = decidingInterval({ kind: 'rows', differences, clusters }, confidence);
    if (Math.abs(again.low - found.low) > 1e-9 || Math.abs(again.high - found.high) > 1e-9) {
      throw new Error(`decided ${found.low} to ${found.high} from counts, ${again.low} to ${again.high} from rows`);
    }
  }
  return found;
}

function valuesOf(population: Population, rows: Uint8Array): Float64Array {
  const values = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row += 1) {
    values[row] = population.values[rows[row] ?? 0] ?? Number.NaN;
  }
  return values;
}

function meanOf({ population }: Contest, rows: Uint8Array): number {
  let sum = 0;
  for (let row = 0; row < rows.length; row += 1) {
    sum += population.values[rows[row] ?? 0] ?? 0;
  }
  return sum / rows.length;
}

function entry(index: number, score: number): SweepEntry {
  const scorecard = { key: '', sha256: '', bytes: 0 };
  return {
    id: String(index),
    label: '',
    state: 'trained',
    note: '',
    trainSeconds: 1,
    trainLoss: null,
    validationLoss: null,
    validation: { score, n: 1, errors: 0, scorecard },
    chosen: false,
  };
}

function formulaOf({ setting, population, layout }: Contest): number | null {
  if (setting.question !== 'power') {
    return null;
  }
  const sizes = new Float64Array(layout.count);
  layout.codes.forEach((code) => {
    sizes[code] = (sizes[code] ?? 0) + 1;
  });
  return powerForNonInferiority({
    n: layout.rows,
    margin: setting.margin,
    difference: setting.difference,
    variance: varianceOf(population) * designEffect(sizes, setting.clusters?.icc ?? 0),
    confidence,
  });
}
