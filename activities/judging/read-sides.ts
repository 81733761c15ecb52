// The results of both arms on chosen rows of a suite, in the order of the suite.
import { rowResultSchema, scorecardSchema, type RowResult } from '../../domain/scorecard.ts';
import type { JudgedSide, OpenedSide } from '../../domain/judge-stage.ts';
import type { BlobRef } from '../../domain/refs.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { getBlob } from '../../registry/blobs.ts';
import { parseStored } from '../../registry/json.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { parseLines } from '../json-lines.ts';

/** One row with what both arms made of it. */
export interface SidedRow {
  readonly row: SuiteRow;
  readonly candidate: RowResult;
  readonly other: RowResult;
}

/** The arm with its results, by whichever of the two it is named. */
export async function openSide(store: ObjectStore, side: JudgedSide): Promise<OpenedSide> {
  if (!('scorecard' in side)) {
    return side;
  }
  const { key } = side.scorecard;
  const { arm, results } = parseStored(key, await getBlob(store, side.scorecard), scorecardSchema);
  return { arm, results: [results] };
}

/** Throws RangeError when an arm has no result on a row: judging half a pair would favour whoever is there. */
export async function readSides(
  store: ObjectStore,
  rows: readonly SuiteRow[],
  candidate: OpenedSide,
  other: OpenedSide,
): Promise<SidedRow[]> {
  const [ours, theirs] = [await resultsById(store, candidate), await resultsById(store, other)];
  return rows.map((row) => ({
    row,
    candidate: resultOf(ours, row, candidate),
    other: resultOf(theirs, row, other),
  }));
}

async function resultsById(store: ObjectStore, { results }: OpenedSide): Promise<Map<string, RowResult>> {
  const byId = new Map<string, RowResult>();
  for (const ref of results) {
    for (const result of await resultsOf(store, ref)) {
      byId.set(result.rowId, result);
    }
  }
  return byId;
}

/** Results kept in memory, of two arms and a third; the oldest go first. Every shard of a pair needs the same ones. */
const keptResults = 3;
const kept = new WeakMap<ObjectStore, Map<string, Promise<RowResult[]>>>();

async function resultsOf(store: ObjectStore, ref: BlobRef): Promise<RowResult[]> {
  const known = kept.get(store) ?? new Map<string, Promise<RowResult[]>>();
  kept.set(store, known);
  const reading = known.get(ref.sha256) ?? getBlob(store, ref).then((bytes) => parseLines(bytes, rowResultSchema));
  known.set(ref.sha256, reading);
  const oldest = known.keys().next();
  if (known.size > keptResults && oldest.done !== true) {
    known.delete(oldest.value);
  }
  try {
    return await reading;
  } catch (error) {
    known.delete(ref.sha256);
    throw error;
  }
}

function resultOf(results: ReadonlyMap<string, RowResult>, { id, output }: SuiteRow, { arm }: OpenedSide): RowResult {
  const result = results.get(id);
  if (result === undefined || result.expected !== output) {
    throw new RangeError(
      `arm ${arm.id} has ${result === undefined ? 'no result' : 'another expected answer'} for row ${id}`,
    );
  }
  return result;
}
