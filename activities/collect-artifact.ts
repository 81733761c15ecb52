// Moves a finished trainer's artefact into the object store: every file as a blob, one manifest of digests.
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../domain/canonical.ts';
import { failureTypes } from '../domain/failures.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import {
  artifactManifestSchema,
  trainerResultSchema,
  type ArtifactManifest,
  type TrainResult,
} from '../domain/training.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ActivityDeps } from './deps.ts';
import { modelCard } from './model-card.ts';
import { permanent } from './permanent.ts';
import { readManifest, readRecipe } from './run-inputs.ts';
import { startsSoFar } from './trainer-outcome.ts';

/** Files without which an artefact is of no use. */
const required = ['adapter_model.safetensors', 'adapter_config.json', 'tokenizer.json', 'parity.json'];

export async function collectArtifact(deps: ActivityDeps, input: TrainInput, folder: string): Promise<TrainResult> {
  const { store } = deps;
  const trainer = trainerResultSchema.parse(JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')));
  const artifactFolder = join(folder, 'artifact');
  const files: ArtifactManifest['files'] = {};
  for (const name of (await readdir(artifactFolder)).toSorted()) {
    files[name] = await putBlob(store, () => createReadStream(join(artifactFolder, name)));
  }
  for (const name of required) {
    if (files[name] === undefined) {
      throw permanent(failureTypes.corruptArtifact, `the trainer left no ${name}`);
    }
  }
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  files['README.md'] = await putBlob(store, modelCard({ recipe, manifest, base: input.base, trainer }));
  files['recipe.json'] = await putBlob(store, canonicalJson(recipe));

  const artifact = await putBlob(store, canonicalJson(artifactManifestSchema.parse({ files })));
  return {
    artifact,
    trainer,
    progress: await putBlob(store, () => createReadStream(join(folder, 'progress.jsonl'))),
    attempts: Math.max(1, await startsSoFar(folder)),
  };
}
