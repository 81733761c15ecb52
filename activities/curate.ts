// Curates a run's sources into a dataset version and stores it.
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { curateResultSchema, type CurateResult } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { stageKey, type BlobRef } from '../domain/refs.ts';
import type { RunInput } from '../domain/run.ts';
import { labelSetOf } from '../datasets/label-set-of.ts';
import type { CurateFile } from '../datasets/curate.ts';
import { buildReferences, type Reference } from '../datasets/decontaminate/build-references.ts';
import { linesOfBlob } from '../registry/datasets.ts';
import { getBlobStream } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { ActivityDeps } from './deps.ts';
import { curateDistilled } from './distill/curate-distilled.ts';
import { ownScratch } from './own-scratch.ts';
import { piiTools } from './pii/pii-tools.ts';
import { readRecipe } from './run-inputs.ts';
import { storeDataset } from './store-dataset.ts';

export async function curate(deps: ActivityDeps, run: RunInput): Promise<CurateResult> {
  const { store, workFolder, secret } = deps;
  const key = stageKey(run.runKey, 'curate');
  const stored = await getJson(store, key, curateResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const started = performance.now();
  const recipe = await readRecipe(store, run.recipe);
  const { pii, decontaminate } = recipe.dataset.curate;
  const context = Context.current();
  const heartbeats = setInterval(() => context.heartbeat(), 2000);
  const scratch = await ownScratch(join(workFolder, 'curate'));
  try {
    const curation = await curateDistilled(deps, {
      name: recipe.name,
      dataset: recipe.dataset,
      labels: labelSetOf(recipe),
      rejectedNeeded: recipe.train.method === 'dpo',
      ...piiTools(pii, secret),
      references:
        decontaminate === undefined || run.references === undefined
          ? undefined
          : await buildReferences(storedReferences(store, run.references), decontaminate),
      files: filesOf(store, recipe, run.sources),
      scratch,
      signal: context.cancellationSignal,
    });
    try {
      const { result } = await storeDataset(store, curation, (performance.now() - started) / 1000);
      return await commitOnce(store, key, result, curateResultSchema);
    } finally {
      await curation.remove();
    }
  } finally {
    clearInterval(heartbeats);
  }
}

function filesOf(store: ObjectStore, { dataset }: Recipe, sources: RunInput['sources']): CurateFile[] {
  return sources.map(({ path, blob, revision, source: number }, index): CurateFile => {
    const source = number ?? index;
    const { format, encoding, delimiter } = dataset.sources[source] ?? {};
    return {
      path,
      source,
      ...(revision === undefined ? {} : { revision }),
      format,
      encoding,
      delimiter,
      sha256: blob.sha256,
      bytes: blob.bytes,
      open: () => lateStream(getBlobStream(store, blob)),
    };
  });
}

async function* storedReferences(store: ObjectStore, ref: BlobRef): AsyncGenerator<Reference> {
  for await (const line of linesOfBlob(store, ref)) {
    yield referenceSchema.parse(JSON.parse(line));
  }
}

const referenceSchema = z.strictObject({ where: z.string(), text: z.string() });

async function* lateStream(stream: Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  yield* await stream;
}
