// The candidate against each deciding arm on parts of the rows: critical parts must hold, others are explored.
import { metricFacts } from '../domain/metrics.ts';
import type { CriticalSlice, GateRecipe } from '../domain/recipe-gate.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { SliceComparison } from '../domain/verdict.ts';
import { clustersOf } from './clusters.ts';
import { byRowId, type Contestant } from './compare.ts';
import { metricValue } from './metrics/metric-value.ts';
import { pairedEvidence, type Pair, type Preferences } from './paired-evidence.ts';
import { resamples, seedOf } from './scorecard.ts';
import { sliceValue } from './slice-value.ts';
import { decidingInterval } from './statistics/deciding-interval.ts';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.ts';
import { claims, holm } from './statistics/holm.ts';

interface Sliced {
  readonly policy: GateRecipe;
  readonly suite: string;
  /** Names of the suite's slices; the policy may name others. */
  readonly slices: readonly string[];
  readonly candidate: Contestant;
  readonly other: Contestant;
  readonly preferences: Preferences | undefined;
}

interface Part {
  readonly slice: string;
  readonly value: string;
  readonly critical: CriticalSlice | undefined;
}

/**
 * One comparison for each value of each slice, critical ones first; values in alphabetical order. Non-inferiority is
 * claimed where the adjusted one-sided p value is at most (1 - confidence) / 2. Critical slices are one family, adjusted
 * by Holm, so that the chance of any false claim among them stays below that level; all others are another, adjusted by
 * Benjamini and Hochberg, which bounds the expected share of false claims. A slice with fewer rows than the policy asks
 * for is not tested.
 */
export function sliceComparisons(sliced: Sliced): SliceComparison[] {
  const parts = partsOf(sliced);
  const critical = parts.filter((part) => part.critical !== undefined);
  const explored = parts.filter((part) => part.critical === undefined);
  return [
    ...family(sliced, critical, 'holm', holm),
    ...family(sliced, explored, 'benjamini_hochberg', benjaminiHochberg),
  ];
}

/** Critical values that no row has are kept: a guard that finds nothing to guard must be seen. */
function partsOf({ policy, slices, candidate }: Sliced): Part[] {
  const { critical_slices: critical } = policy;
  const names = [...new Set([...(policy.slices ?? slices), ...critical.map(({ slice }) => slice)])];
  return names.flatMap((slice) => {
    const found = candidate.results.flatMap((result) => sliceValue(result, slice) ?? []);
    const asked = critical.flatMap((one) => (one.slice === slice ? (one.value ?? []) : []));
    return [...new Set([...found, ...asked])].toSorted().map((value) => ({
      slice,
      value,
      critical:
        critical.find((one) => one.slice === slice && one.value === value) ??
        critical.find((one) => one.slice === slice && one.value === undefined),
    }));
  });
}

function family(
  sliced: Sliced,
  parts: readonly Part[],
  adjustment: SliceComparison['adjustment'],
  adjust: (ps: readonly number[]) => readonly number[],
): SliceComparison[] {
  const alpha = (1 - sliced.policy.confidence) / 2;
  const clusters = clustersByRow(sliced);
  const measured = parts.map((part) => measure(sliced, part, adjustment, clusters));
  const adjusted = adjust(measured.flatMap(({ p }) => p ?? []));
  let tested = 0;
  return measured.map((each) => {
    if (each.p === null) {
      return each;
    }
    tested += 1;
    return concluded(each, adjusted[tested - 1] ?? 1, alpha);
  });
}

function concluded(measured: SliceComparison, adjustedP: number, alpha: number): SliceComparison {
  const worse = (measured.low ?? 0) <= -measured.margin && (measured.high ?? 0) < 0;
  const conclusion = claims(adjustedP, alpha) ? 'non_inferior' : worse ? 'worse' : 'inconclusive';
  return { ...measured, adjustedP, conclusion };
}

/** Of all rows: which are clusters must not depend on the slice. */
function clustersByRow({ candidate, policy }: Sliced): ReadonlyMap<string, string> | undefined {
  const clusters = clustersOf(candidate.results, policy.cluster);
  return clusters && new Map(candidate.results.map(({ rowId }, row) => [rowId, clusters[row] ?? rowId]));
}

function measure(
  sliced: Sliced,
  part: Part,
  adjustment: SliceComparison['adjustment'],
  clusterOf: ReadonlyMap<string, string> | undefined,
): SliceComparison {
  const { policy, suite, other, preferences } = sliced;
  const { metric, confidence, min_slice_rows: fewest } = policy;
  const pair: Pair = { candidate: rowsOf(sliced.candidate, part), other: rowsOf(other, part), preferences };
  const n = pair.candidate.length;
  const margin = part.critical?.margin ?? policy.margin;
  const [ours, theirs] = [valueOn(pair.candidate, policy), valueOn(pair.other, policy)];
  const untested: SliceComparison = {
    slice: part.slice,
    value: part.value,
    armId: other.arm.id,
    critical: part.critical !== undefined,
    n,
    candidate: ours,
    other: theirs,
    difference: ours === null || theirs === null ? null : ours - theirs,
    low: null,
    high: null,
    method: null,
    margin,
    p: null,
    adjustedP: null,
    adjustment,
    conclusion: 'too_few_rows',
  };
  if (n < fewest) {
    return untested;
  }
  const clusters = clusterOf && pair.candidate.map(({ rowId }) => clusterOf.get(rowId) ?? rowId);
  const evidence = pairedEvidence(pair, { metric, clusters, seed: seedOf(suite), resamples });
  const { difference, low, high, method, pAbove } = decidingInterval(evidence, confidence);
  return { ...untested, difference, low, high, method, p: pAbove(-margin), conclusion: 'inconclusive' };
}

function rowsOf({ results }: Contestant, { slice, value }: Part): RowResult[] {
  return byRowId(results.filter((result) => sliceValue(result, slice) === value));
}

function valueOn(rows: readonly RowResult[], { metric }: GateRecipe): number | null {
  return rows.length === 0 || metricFacts[metric].shape === 'paired' ? null : metricValue(metric, rows)();
}
