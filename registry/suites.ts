// Suites in the object store: their rows as JSON lines, and one record that names them.
import { canonicalJson } from '../domain/canonical.ts';
import type { BlobRef } from '../domain/refs.ts';
import { storedSuiteSchema, type StoredSuite, type SuiteRow } from '../domain/suite.ts';
import { putBlob } from './blobs.ts';
import type { ObjectStore } from './store.ts';

/** Rows are written in pieces of this many: large suites need no second copy in memory, and pieces die young. */
const rowsPerPiece = 100;

/** A suite with everything decided, before its rows have a place. */
export type UnstoredSuite = Omit<StoredSuite, 'rows' | 'n'>;

/**
 * Stores a suite and returns the reference of its record, a `StoredSuite`. The same suite has the same reference, and
 * storing it again writes nothing. Throws ZodError when the suite is not one.
 */
export async function putSuite(store: ObjectStore, suite: UnstoredSuite, rows: readonly SuiteRow[]): Promise<BlobRef> {
  const stored = await putBlob(store, () => jsonLines(rows));
  const record = storedSuiteSchema.parse({ ...suite, rows: stored, n: rows.length });
  return await putBlob(store, canonicalJson(record));
}

async function* jsonLines(rows: readonly SuiteRow[]): AsyncGenerator<string> {
  for (let start = 0; start < rows.length; start += rowsPerPiece) {
    yield rows
      .slice(start, start + rowsPerPiece)
      .map((row) => `${canonicalJson(row)}\n`)
      .join('');
  }
}
