// Moves a finished trainer's artefact into the object store: every file as a blob, one manifest of digests.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../domain/canonical.ts';
import { failureTypes } from '../domain/failures.ts';
import { tokenCountsSchema } from '../domain/token-statistics.ts';
import type { TrainInput } from '../domain/stage-inputs.ts';
import {
  artifactManifestSchema,
  progressLineSchema,
  trainerResultSchema,
  type ArtifactManifest,
  type TrainerResult,
  type TrainResult,
} from '../domain/training.ts';
import { putBlob } from '../registry/blobs.ts';
import { checkedFiles } from './artifact-files.ts';
import type { ActivityDeps } from './deps.ts';
import { jobFileBytes, openJobFile, readJobFile } from './job-files.ts';
import { permanent } from './permanent.ts';
import { startsSoFar } from './trainer-outcome.ts';
import { trainingNotices } from './training-notices.ts';
import { outFolder } from './training-layout.ts';
import { reductionsOf } from './training-memory.ts';
import type { TrainingPlan } from './training-plan.ts';
import { unprovenParity } from './unproven-parity.ts';

type Files = ArtifactManifest['files'];

/** Files without which an artefact is of no use. A foreign image writes the adapter; tokenizer and parity are added. */
const adapterFiles = ['adapter_model.safetensors', 'adapter_config.json'];
const ownFiles = [...adapterFiles, 'tokenizer.json', 'parity.json'];

/**
 * What every run of this training shares: the trainer's files, without the papers of a run. Throws permanent failures for an artefact that cannot be used; the result that led here is then forgotten, so that
 * the next run starts the trainer again instead of meeting the same files.
 */
export async function collectArtifact(deps: ActivityDeps, input: TrainInput, plan: TrainingPlan): Promise<TrainResult> {
  try {
    return await collect(deps, input, plan);
  } catch (error) {
    if (error instanceof Error && 'nonRetryable' in error && error.nonRetryable === true) {
      await rm(join(outFolder(plan.folder), 'result.json'), { force: true });
    }
    throw error;
  }
}

async function collect(deps: ActivityDeps, input: TrainInput, plan: TrainingPlan): Promise<TrainResult> {
  const { store } = deps;
  const { folder, recipe } = plan;
  const out = outFolder(folder);
  const trainer = await readResult(join(out, 'result.json'));
  const files: Files = {};
  for (const name of await checkedFiles(join(out, 'artifact'))) {
    files[name] = await putBlob(store, jobFileBytes(join(out, 'artifact', name)));
  }
  const foreign = recipe.train.backend === 'container';
  const proven = files['parity.json'] !== undefined;
  for (const name of foreign ? adapterFiles : ownFiles) {
    if (files[name] === undefined) {
      throw permanent(failureTypes.corruptArtifact, `the trainer left no ${name}`);
    }
  }
  if (foreign && !proven) {
    Object.assign(files, await unprovenParity(deps, input.base));
  }
  Object.assign(files, await exportedFiles(deps, plan));
  const tokens = await tokenCounts(join(out, 'tokens.json'));
  return {
    artifact: await putBlob(store, canonicalJson(artifactManifestSchema.parse({ files }))),
    trainer,
    progress: await putBlob(store, await readableProgress(join(out, 'progress.jsonl'))),
    ...(tokens === undefined ? {} : { tokens: await putBlob(store, tokens) }),
    attempts: Math.max(1, await startsSoFar(folder)),
    base: input.base.name,
    notices: trainingNotices({ trainer, reductions: await reductionsOf(folder), proven }),
  };
}

/** Further forms of the model, under `export/`: they are kept with the artefact and not needed to serve it. */
async function exportedFiles({ store }: ActivityDeps, { folder, recipe }: TrainingPlan): Promise<Files> {
  const { merge, gguf } = recipe.train.export;
  const files: Files = {};
  if (merge) {
    const merged = join(outFolder(folder), 'export', 'merged');
    const names = await checkedFiles(merged);
    if (!names.some((name) => name.endsWith('.safetensors'))) {
      throw permanent(failureTypes.corruptArtifact, 'the trainer left no merged model, which train.export asks for');
    }
    for (const name of names) {
      files[`export/merged/${name}`] = await putBlob(store, jobFileBytes(join(merged, name)));
    }
  }
  if (gguf !== false) {
    const exported = join(outFolder(folder), 'export');
    const file = join(exported, 'model.gguf');
    const handle = await openJobFile(file);
    const { buffer } = (await handle?.read(Buffer.alloc(4), 0, 4, 0)) ?? { buffer: Buffer.alloc(0) };
    await handle?.close();
    if (buffer.toString('latin1') !== 'GGUF') {
      throw permanent(failureTypes.corruptArtifact, 'the trainer left no GGUF file, which train.export asks for');
    }
    files['export/model.gguf'] = await putBlob(store, jobFileBytes(file));
  }
  return files;
}

async function readResult(file: string): Promise<TrainerResult> {
  const text = await readJobFile(file);
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw permanent(failureTypes.trainerFailed, 'the trainer left a result.json that is not JSON');
  }
  const result = trainerResultSchema.safeParse(value);
  if (!result.success) {
    const where = result.error.issues[0]?.path.join('.') ?? '';
    throw permanent(failureTypes.trainerFailed, `the trainer left a result.json with a wrong or missing "${where}"`, {
      hint: 'docs/launchers.md lists what a trainer’s image writes',
    });
  }
  return result.data;
}

/** What the trainer counted; nothing where it left no such file, or another's by that name. */
async function tokenCounts(file: string): Promise<string | undefined> {
  const counted = tokenCountsSchema.safeParse(parseJson((await readJobFile(file)) ?? ''));
  return counted.success ? canonicalJson(counted.data) : undefined;
}

/** The lines of a progress file that a reader can use: a kill may cut one short, and an image may write others. */
async function readableProgress(file: string): Promise<string> {
  const handle = await openJobFile(file);
  const kept: string[] = [];
  for await (const line of handle?.readLines() ?? []) {
    const parsed = progressLineSchema.safeParse(parseJson(line));
    if (parsed.success) {
      kept.push(`${JSON.stringify(parsed.data)}\n`);
    }
  }
  return kept.join('');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
