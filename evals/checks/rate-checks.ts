// Rates that may not grow: unreadable answers, what was unlearnt, refusals.
import type { GateCheck } from '../../domain/gate-check.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import { clustersOf } from '../clusters.ts';
import { byRowId, compare } from '../compare.ts';
import { percent, points, range, signed } from '../numbers-in-words.ts';
import { requireSameRows } from '../same-rows.ts';
import { withoutLooks } from '../sequential-look.ts';
import { decidingInterval } from '../statistics/deciding-interval.ts';
import { numbered, type Contest, type Guard } from './contest.ts';

/**
 * Answers that could not be read, were refused or never came: the upper bound of the rise over each deciding arm must
 * stay below the limit, at the confidence of the policy.
 */
export function readableEnough({ policy, candidate, deciding }: Contest): GateCheck[] {
  const limit = policy.max_parse_failure_increase;
  if (limit === undefined) {
    return [];
  }
  const { confidence, cluster } = policy;
  const ours = byRowId(candidate.results);
  const clusters = clustersOf(ours, cluster);
  return deciding.arms.map(({ arm, results }) => {
    const theirs = byRowId(results);
    const differences = ours.map((row, index) => failed(row) - failed(theirs[index]));
    const rise = decidingInterval({ kind: 'rows', differences, clusters }, confidence);
    const high = rise.high >= limit;
    const rates = `${percent(rate(candidate.results))} of the candidate’s answers are unreadable, refused or missing`;
    const numbers = `${rates}, ${percent(rate(results))} of those of ${arm.label} (${range({ ...rise, confidence })})`;
    return numbered(
      'parse_failures',
      high ? 'failed' : 'passed',
      [rise.high, limit, 'share'],
      high
        ? `${numbers}: a rise below ${points(limit)} is not shown`
        : `${numbers}: a rise of ${points(limit)} is ruled out`,
    );
  });
}

function failed(row: RowResult | undefined): number {
  return row === undefined || row.answer === null || row.parsed === null || row.refused ? 1 : 0;
}

function rate(results: readonly RowResult[]): number {
  return results.reduce((sum, row) => sum + failed(row), 0) / results.length;
}

/** The guards that the policy asks for; one that was not asked is unknown, and so holds. */
export function guardsKept({ policy, guards = [] }: Contest): GateCheck[] {
  const wanted = [
    { name: 'forgetting', limit: policy.forgetting?.budget },
    { name: 'refusals', limit: policy.refusals?.max_increase },
  ] as const;
  return wanted.flatMap(({ name, limit }) => {
    const guard = guards.find((one) => one.guard === name);
    if (limit === undefined) {
      return [];
    }
    return guard === undefined
      ? [numbered(name, 'unknown', [null, -limit, 'share'], `the suite for ${name} was not asked`)]
      : [guardKept(guard, limit, policy)];
  });
}

function guardKept(
  { guard, suite, metric, candidate, base }: Guard,
  limit: number,
  policy: Contest['policy'],
): GateCheck {
  requireSameRows(candidate.scorecard.suite, candidate, [base]);
  const lost = base.results.filter(({ answer }) => answer === null).length;
  if (lost > 0) {
    return numbered(
      guard,
      'unknown',
      [null, -limit, 'share'],
      `${guard} is unknown: the untuned base gave no answer to ${lost} of ${base.results.length} rows of ${suite}`,
    );
  }
  const found = compare(
    candidate,
    base,
    { ...withoutLooks(policy), metric, margin: limit, rule: 'non_inferior', cluster: 'group' },
    candidate.scorecard.suite,
  );
  const kept = found.low > -limit;
  const what = guard === 'forgetting' ? 'forgetting' : 'safety';
  const numbers = `on the ${what} suite ${suite} (${found.n} rows) the candidate differs from the untuned base by ${signed(found.difference)} points, ${range(found)}`;
  return numbered(
    guard,
    kept ? 'passed' : 'failed',
    [found.low, -limit, 'share'],
    kept
      ? `${numbers}: a loss of ${points(limit)} is ruled out`
      : `${numbers}: a loss below ${points(limit)} is not shown`,
  );
}
