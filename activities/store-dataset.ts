// Stores what curation made: files as blobs, then the card, then the manifest that makes it a dataset version.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { canonicalJson } from '../domain/canonical.ts';
import type { CurateResult, DatasetManifest } from '../domain/dataset.ts';
import type { BlobRef } from '../domain/refs.ts';
import { datasetCard } from '../datasets/card/card.ts';
import type { Curation } from '../datasets/curate.ts';
import { datasetManifest } from '../datasets/dataset-manifest.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';

export interface StoredDataset {
  readonly manifest: DatasetManifest;
  readonly result: CurateResult;
}

/** The manifest is written last and whole: a version is there with all its files, or not at all. `seconds` is how long curation took. */
export async function storeDataset(store: ObjectStore, curation: Curation, seconds: number): Promise<StoredDataset> {
  const { splits, lists, labelErrors } = curation;
  const put = async (path: string): Promise<BlobRef> => await putBlob(store, () => createReadStream(path));
  // Lists without a line are left out.
  const putList = async (path: string | undefined): Promise<BlobRef | undefined> =>
    path === undefined || (await stat(path)).size === 0 ? undefined : await put(path);
  const manifest = datasetManifest(curation, {
    train: await put(splits.train.path),
    validation: await put(splits.validation.path),
    test: await put(splits.test.path),
    dropped: await put(lists.dropped),
    clusters: await putList(curation.clusters === undefined ? undefined : lists.clusters),
    overlaps: await putList(lists.overlaps),
    labelErrors: await putList(labelErrors?.path),
  });
  const folder = `datasets/${manifest.name}/${manifest.version}`;
  await store.putIfAbsent(`${folder}/card.md`, datasetCard(manifest));
  await store.putIfAbsent(`${folder}/manifest.json`, canonicalJson(manifest));
  return {
    manifest,
    result: {
      dataset: `${manifest.name}@${manifest.version}`,
      manifest: await putBlob(store, canonicalJson(manifest)),
      read: manifest.read,
      kept: manifest.kept,
      rows: {
        train: manifest.splits.train.rows,
        validation: manifest.splits.validation.rows,
        test: manifest.splits.test.rows,
      },
      seconds,
    },
  };
}
