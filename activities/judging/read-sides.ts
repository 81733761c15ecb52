// The results of both arms on chosen rows of a suite, in the order of the suite.
import { rowResultSchema, type RowResult } from '../../domain/scorecard.ts';
import type { JudgedSide } from '../../domain/judge-stage.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { getBlob } from '../../registry/blobs.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { parseLines } from '../json-lines.ts';

/** One row with what both arms made of it. */
export interface SidedRow {
  readonly row: SuiteRow;
  readonly candidate: RowResult;
  readonly other: RowResult;
}

/** Throws RangeError when an arm has no result on a row: judging half a pair would favour whoever is there. */
export async function readSides(
  store: ObjectStore,
  rows: readonly SuiteRow[],
  candidate: JudgedSide,
  other: JudgedSide,
): Promise<SidedRow[]> {
  const [ours, theirs] = [await resultsById(store, candidate), await resultsById(store, other)];
  return rows.map((row) => ({
    row,
    candidate: resultOf(ours, row, candidate),
    other: resultOf(theirs, row, other),
  }));
}

async function resultsById(store: ObjectStore, { results }: JudgedSide): Promise<Map<string, RowResult>> {
  const byId = new Map<string, RowResult>();
  for (const ref of results) {
    for (const result of parseLines(await getBlob(store, ref), rowResultSchema)) {
      byId.set(result.rowId, result);
    }
  }
  return byId;
}

function resultOf(results: ReadonlyMap<string, RowResult>, { id, output }: SuiteRow, { arm }: JudgedSide): RowResult {
  const result = results.get(id);
  if (result === undefined || result.expected !== output) {
    throw new RangeError(
      `arm ${arm.id} has ${result === undefined ? 'no result' : 'another expected answer'} for row ${id}`,
    );
  }
  return result;
}
