// How long an answer takes, and what it costs beside the baseline.
import type { GateCheck } from '../../domain/gate-check.ts';
import type { Contestant } from '../compare.ts';
import { costPerRow } from '../cost-per-row.ts';
import { numbered, type Contest } from './contest.ts';

/** Of the answers that came, at the load of the evaluation. */
export function fastEnough({ policy, candidate }: Contest): GateCheck[] {
  const limit = policy.max_latency_p95_ms;
  if (limit === undefined) {
    return [];
  }
  const p95 = candidate.scorecard.latencyMs.p95;
  const unmeasured = whyUnmeasured(candidate);
  if (unmeasured !== undefined) {
    return [numbered('latency', 'unknown', [null, limit, 'ms'], unmeasured)];
  }
  const slow = p95 > limit;
  const numbers = `${p95.toFixed(0)} ms at the 95th percentile`;
  return [
    numbered(
      'latency',
      slow ? 'failed' : 'passed',
      [p95, limit, 'ms'],
      slow
        ? `the candidate takes ${numbers}, and the recipe allows ${limit} ms`
        : `the candidate takes ${numbers}, within the ${limit} ms of the recipe`,
    ),
  ];
}

/** Why the times of an arm's answers say nothing; undefined when every answer's time was measured. */
function whyUnmeasured({ arm, results }: Contestant): string | undefined {
  const answered = results.filter(({ answer }) => answer !== null);
  if (arm.endpoint?.batch === true) {
    return 'the candidate was asked in batches, which say nothing of how long an answer takes';
  }
  if (answered.length === 0) {
    return 'the candidate gave no answer whose time was measured';
  }
  const without = answered.filter(({ latencyMs }) => latencyMs === 0).length;
  return without === 0
    ? undefined
    : `the time of ${without} of ${answered.length} answers of the candidate was not measured`;
}

/**
 * Cost of a row of the candidate over that of the cheapest sufficient baseline, or of the cheapest deciding baseline
 * where all decide. Against the cheapest sufficient one the ratio must be at most 1 when the recipe names no limit.
 */
export function cheapEnough({ policy, candidate, deciding, usdPerHour }: Contest): GateCheck[] {
  const bySufficiency = policy.against === 'flagship_and_cheapest_sufficient';
  const limit = policy.max_cost_ratio ?? (bySufficiency ? 1 : undefined);
  if (limit === undefined) {
    return [];
  }
  const unknown = (why: string): GateCheck[] => [numbered('cost', 'unknown', [null, limit, 'ratio'], why)];
  if (deciding.unknown !== undefined) {
    return unknown(deciding.unknown);
  }
  const ours = costPerRow(candidate, usdPerHour);
  const measure = cheapestOf(deciding.cheapestSufficient, deciding.arms, usdPerHour);
  if (ours.usd === null) {
    return unknown(`the cost ratio is unknown: ${ours.why}`);
  }
  if (typeof measure === 'string') {
    return unknown(`the cost ratio is unknown: ${measure}`);
  }
  const { label, usd } = measure;
  if (usd === 0) {
    return unknown(`the cost ratio is unknown: ${label} costs nothing, so there is no ratio to it`);
  }
  const ratio = ours.usd / usd;
  const dear = ratio > limit;
  const numbers = `${perThousand(ours.usd)} a thousand rows, ${ratio.toFixed(2)} times the ${perThousand(usd)} of ${label}`;
  return [
    numbered(
      'cost',
      dear ? 'failed' : 'passed',
      [ratio, limit, 'ratio'],
      dear
        ? `the candidate costs ${numbers}, and at most ${limit} times is allowed`
        : `the candidate costs ${numbers}, within the limit of ${limit} times`,
    ),
  ];
}

/** The cheapest baseline and its cost of a row, or why it is not known. */
function cheapestOf(
  named: Contestant | undefined,
  arms: readonly Contestant[],
  usdPerHour: number | undefined,
): { readonly label: string; readonly usd: number } | string {
  const baselines = named === undefined ? arms.filter(({ arm }) => arm.kind === 'baseline') : [named];
  const priced: { label: string; usd: number }[] = [];
  for (const baseline of baselines) {
    const cost = costPerRow(baseline, usdPerHour);
    if (cost.usd === null) {
      return cost.why;
    }
    priced.push({ label: baseline.arm.label, usd: cost.usd });
  }
  return priced.toSorted((left, right) => left.usd - right.usd)[0] ?? 'no baseline decides';
}

function perThousand(usd: number): string {
  return `$${(1000 * usd).toPrecision(3)}`;
}
