// The rows of a curation in memory, for what needs all of them at once: plans, and tests.
import { readFile } from 'node:fs/promises';
import type { DatasetRow, DroppedRow } from '../domain/dataset.ts';
import type { Curation } from './curate.ts';
import type { SplitName } from '../domain/split-names.ts';

export interface LoadedRows {
  readonly splits: Readonly<Record<SplitName, readonly DatasetRow[]>>;
  readonly dropped: readonly DroppedRow[];
}

/** Rows of all splits, and the dropped ones. */
export async function loadRows({ splits, lists }: Curation): Promise<LoadedRows> {
  return {
    splits: {
      train: await linesOf<DatasetRow>(splits.train.path),
      validation: await linesOf<DatasetRow>(splits.validation.path),
      test: await linesOf<DatasetRow>(splits.test.path),
    },
    dropped: await linesOf<DroppedRow>(lists.dropped),
  };
}

// This process wrote the file a moment ago: its lines are what the type says.
async function linesOf<Row>(path: string): Promise<Row[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));
}
