// Arms may be compared only when all of them answered the very same rows.
import type { Contestant } from './compare.ts';
import { requireAnswers } from './require-answers.ts';

/**
 * Throws RangeError when an arm's rows, their order, their expected answers or its suite differ from the candidate's,
 * when a score is no number, or when two arms share an id. The message names the arm and the first row at fault.
 *
 * @param mayStop baselines may have answered the first rows alone
 */
export function requireSameRows(
  suite: string,
  candidate: Contestant,
  others: readonly Contestant[],
  mayStop = false,
): void {
  const rowIds = candidate.results.map(({ rowId }) => rowId);
  const ids = new Set<string>();
  for (const { arm, results, scorecard } of [candidate, ...others]) {
    const asked = mayStop && arm.kind === 'baseline' ? rowIds.slice(0, Math.max(1, results.length)) : rowIds;
    requireAnswers(arm.id, asked, results);
    if (ids.has(arm.id)) {
      throw new RangeError(`two arms are called ${arm.id}`);
    }
    ids.add(arm.id);
    if (scorecard.suite !== suite) {
      throw new RangeError(`arm ${arm.id} answered another suite: ${scorecard.suite}, not ${suite}`);
    }
    if (scorecard.arm.id !== arm.id || scorecard.n !== results.length) {
      throw new RangeError(`the scorecard of arm ${arm.id} belongs to other results`);
    }
    const differs = results.find((result, row) => {
      const own = candidate.results[row];
      return result.expected !== own?.expected || result.group !== own.group;
    });
    if (differs !== undefined) {
      throw new RangeError(`arm ${arm.id}: row ${differs.rowId} has another expected answer or group`);
    }
  }
}
