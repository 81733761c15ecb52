// The files of a dataset version: canonical JSONL, and the manifest that names them.
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import { datasetManifestSchema } from '../domain/dataset.ts';
import type { DatasetManifest, DatasetRow } from '../domain/dataset.ts';
import type { BlobRef } from '../domain/refs.ts';
import { countDropped } from './curate.ts';
import type { Curated } from './curate.ts';

export const datasetFileNames = ['train', 'validation', 'test', 'dropped'] as const;
export type DatasetFileName = (typeof datasetFileNames)[number];

/**
 * Each file as a source of bytes that can be opened more than once: one canonical JSON object a line, splits in
 * seeded order, dropped rows in the order of the sources. The same rows give the same bytes.
 */
export function datasetFiles(curated: Curated): Record<DatasetFileName, () => AsyncGenerator<Uint8Array>> {
  const { train, validation, test } = curated.splits;
  return {
    train: () => jsonLines(train),
    validation: () => jsonLines(validation),
    test: () => jsonLines(test),
    dropped: () => jsonLines(curated.dropped),
  };
}

/** The manifest of a dataset whose files have been stored. Its version is a hash of the splits' digests and the settings. */
export function datasetManifest(curated: Curated, files: Record<DatasetFileName, BlobRef>): DatasetManifest {
  const { name, sources, settings, read, splits, labels } = curated;
  const digests = { train: files.train.sha256, validation: files.validation.sha256, test: files.test.sha256 };
  return datasetManifestSchema.parse({
    name,
    version: hashOf({ ...digests, settings }).slice(0, 16),
    sources,
    settings,
    read,
    kept: read - curated.dropped.length,
    dropped: countDropped(curated.dropped),
    labels,
    splits: {
      train: summary(splits.train, files.train),
      validation: summary(splits.validation, files.validation),
      test: summary(splits.test, files.test),
    },
    droppedRows: files.dropped,
  });
}

function summary(rows: readonly DatasetRow[], file: BlobRef): DatasetManifest['splits']['train'] {
  const groups = new Set(rows.map((row) => row.group).filter((group) => group !== undefined));
  return { rows: rows.length, groups: groups.size, file };
}

async function* jsonLines(values: readonly unknown[]): AsyncGenerator<Uint8Array> {
  const perPiece = 500;
  for (let start = 0; start < values.length; start += perPiece) {
    const lines = values.slice(start, start + perPiece).map((value) => `${canonicalJson(value)}\n`);
    yield Buffer.from(lines.join(''));
  }
}
