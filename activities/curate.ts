// Curates a run's sources into a dataset version and stores it.
import { Context } from '@temporalio/activity';
import { canonicalJson } from '../domain/canonical.ts';
import { curateResultSchema, type CurateResult } from '../domain/dataset.ts';
import type { SourceRecipe } from '../domain/recipe-dataset.ts';
import { stageKey, type BlobRef } from '../domain/refs.ts';
import type { RunInput } from '../domain/run.ts';
import { datasetCard } from '../datasets/card.ts';
import { curate as curateRows } from '../datasets/curate.ts';
import type { CurateSource } from '../datasets/read-source.ts';
import { datasetFileNames, datasetFiles, datasetManifest } from '../datasets/dataset-files.ts';
import { getBlobStream, putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { ActivityDeps } from './deps.ts';
import { readRecipe } from './run-inputs.ts';

export async function curate({ store }: ActivityDeps, run: RunInput): Promise<CurateResult> {
  const key = stageKey(run.runKey, 'curate');
  const stored = await getJson(store, key, curateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const started = performance.now();
  const recipe = await readRecipe(store, run.recipe);
  const context = Context.current();
  const heartbeats = setInterval(() => context.heartbeat(), 2000);
  try {
    const curated = await curateRows({
      name: recipe.name,
      settings: recipe.dataset.curate,
      signal: context.cancellationSignal,
      sources: recipe.dataset.sources.map((source, index) => openSource(store, source, run.sources[index]?.blob)),
    });
    const files = datasetFiles(curated);
    const [train, validation, test, dropped] = await Promise.all(
      datasetFileNames.map((name) => putBlob(store, files[name])),
    );
    if (train === undefined || validation === undefined || test === undefined || dropped === undefined) {
      throw new Error('a dataset file was not stored');
    }
    const manifest = datasetManifest(curated, { train, validation, test, dropped });
    const folder = `datasets/${manifest.name}/${manifest.version}`;
    await store.putIfAbsent(`${folder}/card.md`, datasetCard(curated, manifest));
    await store.putIfAbsent(`${folder}/manifest.json`, canonicalJson(manifest));
    const result: CurateResult = {
      dataset: `${manifest.name}@${manifest.version}`,
      manifest: await putBlob(store, canonicalJson(manifest)),
      read: manifest.read,
      kept: manifest.kept,
      rows: {
        train: manifest.splits.train.rows,
        validation: manifest.splits.validation.rows,
        test: manifest.splits.test.rows,
      },
      seconds: (performance.now() - started) / 1000,
    };
    return await commitOnce(store, key, result, curateResultSchema);
  } finally {
    clearInterval(heartbeats);
  }
}

function openSource(
  store: ObjectStore,
  { path, map, format, encoding, delimiter }: SourceRecipe,
  blob: BlobRef | undefined,
): CurateSource {
  if (blob === undefined) {
    throw new Error(`the run has no blob for source ${path}`);
  }
  return {
    path,
    map,
    format,
    encoding,
    delimiter,
    sha256: blob.sha256,
    bytes: blob.bytes,
    open: () => lateStream(getBlobStream(store, blob)),
  };
}

async function* lateStream(stream: Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  yield* await stream;
}
