// The door of the evaluation: results must be complete, in order and scored, or nothing may be concluded from them.
import type { RowResult } from '../domain/scorecard.ts';

/**
 * Throws RangeError unless the results are exactly the rows with these ids, in this order, each with scores from 0 to 1.
 * The message names the arm, the first row at fault and, of a score, the metric.
 */
export function requireAnswers(armId: string, rowIds: readonly string[], results: readonly RowResult[]): void {
  if (rowIds.length === 0) {
    throw new RangeError(`arm ${armId}: there are no rows to score`);
  }
  const wanted = new Set<string>();
  for (const id of rowIds) {
    if (wanted.has(id)) {
      throw new RangeError(`arm ${armId}: row id ${id} comes twice in the suite`);
    }
    wanted.add(id);
  }
  for (const result of results) {
    requireScores(armId, result);
  }
  if (results.length === rowIds.length && rowIds.every((id, index) => results[index]?.rowId === id)) {
    return;
  }
  const seen = new Set<string>();
  for (const { rowId } of results) {
    if (seen.has(rowId)) {
      throw new RangeError(`arm ${armId}: row ${rowId} is answered twice`);
    }
    seen.add(rowId);
  }
  const missing = rowIds.filter((id) => !seen.has(id));
  if (missing.length > 0) {
    throw new RangeError(`arm ${armId}: ${missing.length} of ${rowIds.length} rows are missing, first ${missing[0]}`);
  }
  const unknown = results.filter(({ rowId }) => !wanted.has(rowId));
  if (unknown.length > 0) {
    const first = unknown[0]?.rowId;
    throw new RangeError(`arm ${armId}: ${unknown.length} answered rows are not in the suite, first ${first}`);
  }
  const astray = rowIds.findIndex((id, index) => results[index]?.rowId !== id);
  if (astray >= 0) {
    throw new RangeError(`arm ${armId}: row ${rowIds[astray]} is out of order`);
  }
}

function requireScores(armId: string, { rowId, score, scores }: RowResult): void {
  for (const [metric, value] of [['exact_match', score] as const, ...Object.entries(scores)]) {
    if (value !== undefined && !(value >= 0 && value <= 1)) {
      throw new RangeError(`arm ${armId}: row ${rowId} has the ${metric} ${value}, which is no number from 0 to 1`);
    }
  }
}
