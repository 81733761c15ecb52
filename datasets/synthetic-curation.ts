// Curates texts that a test holds, and gives back everything that became of them.
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { sha256 } from '../domain/canonical.ts';
import type { DatasetManifest } from '../domain/dataset.ts';
import { datasetSchema } from '../domain/recipe-dataset.ts';
import { blobKey, type BlobRef } from '../domain/refs.ts';
import { curate, type Curation } from './curate.ts';
import { datasetManifest } from './dataset-manifest.ts';
import { loadRows, type LoadedRows } from './load-rows.ts';
import { piecesOf } from './sources/synthetic-pieces.ts';

type Draft = z.input<typeof datasetSchema>;

export interface SyntheticOptions {
  readonly curate?: Partial<Draft['curate']>;
  readonly source?: Partial<Draft['sources'][number]>;
  readonly labels?: readonly string[];
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

export interface SyntheticCuration extends LoadedRows {
  readonly curation: Curation;
  readonly manifest: DatasetManifest;
  /** Bytes of the files. */
  readonly files: Readonly<Record<'train' | 'validation' | 'test' | 'dropped' | 'clusters', string>>;
}

/** One source of CSV (or what `source.path` says) with the columns text and label. Split 4, 1, 2 unless told otherwise. */
export async function curated(
  content: string | Uint8Array,
  options: SyntheticOptions = {},
): Promise<SyntheticCuration> {
  const path = options.source?.path ?? 'data.csv';
  const dataset = datasetSchema.parse({
    sources: [{ path, map: { input: 'text', output: 'label' }, ...options.source }],
    curate: { split: { train: 4, validation: 1, test: 2 }, ...options.curate },
  });
  const curation = await curate({
    name: 'trial',
    dataset,
    labels: options.labels,
    files: [{ path, source: 0, bytes: Buffer.byteLength(content), open: () => piecesOf(content, 700) }],
    threads: options.threads ?? 0,
    signal: options.signal,
  });
  try {
    const files = {
      train: await textOf(curation.splits.train.path),
      validation: await textOf(curation.splits.validation.path),
      test: await textOf(curation.splits.test.path),
      dropped: await textOf(curation.lists.dropped),
      clusters: curation.clusters === undefined ? '' : await textOf(curation.lists.clusters),
    };
    const manifest = datasetManifest(curation, {
      train: refOf(files.train),
      validation: refOf(files.validation),
      test: refOf(files.test),
      dropped: refOf(files.dropped),
    });
    return { curation, manifest, files, ...(await loadRows(curation)) };
  } finally {
    await curation.remove();
  }
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8');
}

function refOf(text: string): BlobRef {
  const digest = sha256(text);
  return { key: blobKey(digest), sha256: digest, bytes: Buffer.byteLength(text) };
}

/** A CSV file of these rows with a header. */
export function csvOf(rows: readonly string[], header = 'text,label,topic'): string {
  return `${header}\n${rows.join('\n')}\n`;
}

/** A small seeded generator (mulberry32) of numbers from 0 to 1, so that a failure can be repeated. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
