// The suite that an activity asks or scores, by reference; suites in use stay in memory, since every shard needs one.
import type { BlobRef } from '../domain/refs.ts';
import type { StageContext } from '../domain/stage-inputs.ts';
import { storedSuiteSchema, suiteRowSchema, type SuiteRow } from '../domain/suite.ts';
import { suiteDigest, type Suite } from '../evals/suite.ts';
import { getBlob, getBlobStream } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ObjectStore } from '../registry/store.ts';
import { streamLines } from './json-lines.ts';
import { readManifest, readRecipe } from './run-inputs.ts';
import { suiteOfRun } from './suite-of-run.ts';

/** Where a suite comes from: a run's recipe and dataset version, or a suite stored as such. */
export type SuiteSource = Pick<StageContext, 'recipe' | 'manifest' | 'split'> | { readonly suite: BlobRef };

/** A suite with its digest and the limits of one answer. */
export interface AskedSuite extends Suite {
  readonly sha256: string;
  readonly maxTokens: number;
  readonly timeoutMs: number;
  /** How long an endpoint may answer nothing before its rows are given up. */
  readonly patienceMs: number;
}

/** Suites kept in memory; the oldest goes first. */
const keptSuites = 3;
const kept = new WeakMap<ObjectStore, Map<string, Promise<AskedSuite>>>();

/** Reads the suite, or gives the one that is in memory. Throws CorruptArtifact when it is not as it was stored. */
export async function askedSuite(store: ObjectStore, source: SuiteSource): Promise<AskedSuite> {
  const key =
    'suite' in source
      ? source.suite.sha256
      : `${source.recipe.sha256} ${source.manifest.sha256} ${source.split ?? 'test'}`;
  const known = kept.get(store)?.get(key);
  return await (known ??
    keep(store, key, 'suite' in source ? storedSuite(store, source.suite) : recipeSuite(store, source)));
}

/** For who has just stored a suite: its rows stay in memory, and need not be read again beside those that were stored. */
export async function keepSuiteRows(store: ObjectStore, suite: BlobRef, rows: readonly SuiteRow[]): Promise<void> {
  await keep(store, suite.sha256, storedSuite(store, suite, rows));
}

async function keep(store: ObjectStore, key: string, reading: Promise<AskedSuite>): Promise<AskedSuite> {
  const suites = kept.get(store) ?? new Map<string, Promise<AskedSuite>>();
  kept.set(store, suites);
  suites.set(key, reading);
  const oldest = suites.keys().next();
  if (suites.size > keptSuites && oldest.done !== true) {
    suites.delete(oldest.value);
  }
  try {
    return await reading;
  } catch (error) {
    suites.delete(key);
    throw error;
  }
}

async function storedSuite(store: ObjectStore, ref: BlobRef, known?: readonly SuiteRow[]): Promise<AskedSuite> {
  const stored = parseStored(ref.key, await getBlob(store, ref), storedSuiteSchema);
  const {
    response_schema: responseSchema,
    max_tokens: maxTokens,
    timeout_s: timeout,
    patience_s: patience,
    rows: storedRows,
    n: _,
    ...rest
  } = stored;
  const rows = known ?? (await Array.fromAsync(streamLines(await getBlobStream(store, storedRows), suiteRowSchema)));
  const suite: Suite = { ...rest, responseSchema, rows };
  return { ...suite, sha256: suiteDigest(suite), maxTokens, timeoutMs: timeout * 1000, patienceMs: patience * 1000 };
}

async function recipeSuite(
  store: ObjectStore,
  { recipe: recipeRef, manifest, split }: Exclude<SuiteSource, { suite: BlobRef }>,
): Promise<AskedSuite> {
  const recipe = await readRecipe(store, recipeRef);
  const suite = await suiteOfRun(store, recipe, await readManifest(store, manifest), split);
  const { max_tokens: maxTokens, timeout_s: timeout, patience_s: patience } = recipe.evaluate;
  return { ...suite, maxTokens, timeoutMs: timeout * 1000, patienceMs: patience * 1000 };
}
