// Curation: from the files of a dataset's sources to its splits, the list of dropped rows, and what the data card says.
import { availableParallelism, tmpdir } from 'node:os';
import { BadInput } from '../domain/bad-input.ts';
import type { DropRule } from '../domain/dataset.ts';
import type { CurateRecipe, DatasetRecipe } from '../domain/recipe-dataset.ts';
import { applyCap, balanced, repeatedIds, weightedCopies } from './engine/copies.ts';
import { createCrew, threadsFor } from './engine/crew.ts';
import { dropExactDuplicates } from './engine/exact-duplicates.ts';
import { bandsFor } from './engine/min-hasher.ts';
import { nearStep, writeClusters, type ClusterFacts, type NearOutcome } from './engine/near-step.ts';
import { readRows, scratchNames, type CurateFile, type ReadFile } from './engine/read-rows.ts';
import { RowReader, ScratchFiles } from './engine/scratch-files.ts';
import { inSeededOrder } from './engine/seeded-order.ts';
import { checkSizes, rowsIn, splitNames, splitRows, type SplitName, type SplitRows } from './engine/split-rows.ts';
import { unitPlaces } from './engine/units.ts';
import { writeDropped } from './engine/write-dropped.ts';
import { writeSplit, type SplitFacts } from './engine/write-split.ts';

export type { CurateFile } from './engine/read-rows.ts';

export interface CurateInput {
  /** Name of the dataset: that of the recipe. */
  readonly name: string;
  readonly dataset: DatasetRecipe;
  /** The label set, when the recipe states one. */
  readonly labels?: readonly string[] | undefined;
  /** Files of all sources, those of the first source first. */
  readonly files: readonly CurateFile[];
  /** Where a scratch folder is made, about as large as the rows; the system's when absent. Absolute. */
  readonly scratch?: string | undefined;
  /** Worker threads; as many as pay when absent, none for 0. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CurateProgress) => void) | undefined;
}

export interface CurateProgress {
  readonly step: 'read' | 'duplicates' | 'split' | 'write';
  /** Rows read so far. */
  readonly rows: number;
  /** Bytes of the files read so far, and in all. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What curation made: files in a scratch folder, to be stored and then removed. Kept plus dropped rows are the rows read. */
export interface Curation {
  readonly name: string;
  readonly dataset: DatasetRecipe;
  readonly files: readonly ReadFile[];
  readonly read: number;
  readonly kept: number;
  readonly dropped: Partial<Record<DropRule, number>>;
  readonly splits: Readonly<Record<SplitName, SplitFacts & { readonly path: string }>>;
  /** Inputs that stood with different outputs. */
  readonly conflictingInputs: number;
  /** Undefined where near duplicates were not looked for. */
  readonly near: (ClusterFacts & Pick<NearOutcome, 'pairsCompared' | 'rowsCutShort'>) | undefined;
  readonly pii: ReadonlyMap<string, { readonly rows: number; readonly found: number }>;
  /** Absolute paths of JSON Lines beside the splits. */
  readonly lists: {
    readonly dropped: string;
    readonly clusters: string;
    readonly leaks: string;
    readonly labelErrors?: string;
  };
  /** Rows that overlap with evaluations; undefined where nobody looked. */
  readonly leaks?: number;
  /** Rows whose label is likely wrong; undefined where nobody looked. */
  readonly labelErrors?: number;
  readonly remove: () => Promise<void>;
}

/**
 * Reads, normalises, deduplicates and splits. The splits depend on the files' bytes and the settings alone, not on
 * threads or on time. Memory: about 60 bytes a record and 300 MB, whatever the size of the texts. Throws BadInput for a
 * broken source and for fewer rows than the split asks for; the scratch folder is then gone.
 */
export async function curate(input: CurateInput): Promise<Curation> {
  const scratch = await ScratchFiles.create(input.scratch ?? tmpdir());
  try {
    return await curateIn(scratch, input);
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

async function curateIn(scratch: ScratchFiles, input: CurateInput): Promise<Curation> {
  const { dataset, files, signal } = input;
  requireGroups(dataset);
  const { curate: settings, sources } = dataset;
  const { near, exact, conflicts } = settings.dedupe;
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let progress = { rows: 0, bytes: 0 };
  const report = (step: CurateProgress['step'], now = progress): void => {
    progress = now;
    input.onProgress?.({ step, ...now, totalBytes });
  };
  const crew = await createCrew(
    { curate: settings, sources, ...(input.labels === undefined ? {} : { labels: input.labels }) },
    Math.min(input.threads ?? threadsFor(totalBytes), availableParallelism() * 2),
  );
  let reader: RowReader | undefined;
  try {
    const found = await readRows(crew, scratch, {
      files,
      malformed: settings.malformed,
      bands: near === false ? 0 : bandsFor(near.threshold).bands,
      signal,
      onRows: (now) => report('read', now),
    });
    report('duplicates');
    const { table } = found;
    const keptInstead = new Int32Array(table.records).fill(-1);
    const { conflictingInputs } = exact ? dropExactDuplicates(table, conflicts, keptInstead) : { conflictingInputs: 0 };
    const rowsPath = scratch.path(scratchNames.rows);
    reader = new RowReader(rowsPath, table.lines);
    const outcome =
      near === false ? undefined : await nearStep(found, near, { crew, scratch, rowsPath, keptInstead, signal });
    report('split');
    for (const [source, { cap }] of sources.entries()) {
      if (cap !== undefined) {
        const own = rowsOfSource(rowsIn(table.rule), found.files, source);
        applyCap(table, inSeededOrder(table, own), cap);
      }
    }
    const usable = rowsIn(table.rule).length;
    const split = splitRows(table, unitPlaces(table, outcome?.clusters ?? [], settings.split.by), settings.split);
    const weights = weightedCopies(split.train, (row) => sources[sourceOf(row, found.files)]?.weight ?? 1);
    const { train, copies } =
      settings.balance === undefined
        ? { train: split.train, copies: weights }
        : mergedCopies(balanced(table, split.train, settings.balance), weights);
    const splits: SplitRows = { ...split, train };
    report('write');
    const idNumbers = exact ? new Map<number, number>() : repeatedIds(table, reader);
    const written: Partial<Record<SplitName, SplitFacts & { path: string }>> = {};
    const lists = {
      dropped: scratch.path('dropped.jsonl'),
      clusters: scratch.path('clusters.jsonl'),
      leaks: scratch.path(scratchNames.leaks),
    };
    const dropped = await writeDropped(lists.dropped, {
      table,
      fileOf: (record) => fileOf(record, found.files)?.path ?? '',
      keptInstead,
      similarity: outcome?.similarity ?? new Map(),
      ownDrops: scratch.path(scratchNames.drops),
      reader,
    });
    checkSizes(splits, settings.split, {
      read: table.records,
      usable,
      reasons: reasonsOf(dropped),
      where: [...new Set(found.files.map(({ path }) => path))].join(', '),
    });
    for (const name of splitNames) {
      const path = scratch.path(`${name}.jsonl`);
      const order = { path, rows: splits[name], copies: name === 'train' ? copies : noCopies, idNumbers };
      written[name] = { ...(await writeSplit(order, reader, signal)), path };
    }
    const clusterFacts =
      outcome === undefined ? undefined : await writeClusters(lists.clusters, outcome, keptInstead, reader);
    const kept = splitNames.reduce((sum, name) => sum + splits[name].length, 0);
    const lost = table.records - kept - Object.values(dropped).reduce((sum, count) => sum + count, 0);
    if (lost !== 0) {
      throw new Error(`curation lost ${lost} of ${table.records} rows`);
    }
    const { train: trainFacts, validation, test } = written;
    if (trainFacts === undefined || validation === undefined || test === undefined) {
      throw new Error('a split was not written');
    }
    return {
      name: input.name,
      dataset,
      files: found.files,
      read: table.records,
      kept,
      dropped,
      splits: { train: trainFacts, validation, test },
      conflictingInputs,
      near:
        outcome === undefined || clusterFacts === undefined
          ? undefined
          : { ...clusterFacts, pairsCompared: outcome.pairsCompared, rowsCutShort: outcome.rowsCutShort },
      pii: found.pii,
      lists,
      remove: async () => await scratch.remove(),
    };
  } finally {
    reader?.close();
    await crew.close();
  }
}

function requireGroups({ sources, curate: { split } }: DatasetRecipe): void {
  const ungrouped = sources.find(({ map }) => map.group === undefined);
  if (split.by === 'group' && ungrouped !== undefined) {
    throw new BadInput('the split is by group, and the source maps no group', {
      where: ungrouped.path,
      hint: 'Add `group: <column>` to the map of the source, or split `by: random`.',
    });
  }
}

const noCopies: ReadonlyMap<number, number> = new Map();

/** Rows that balance and weight both repeat are repeated by both. */
function mergedCopies(
  { train, copies }: ReturnType<typeof balanced>,
  weights: ReadonlyMap<number, number>,
): { train: Uint32Array; copies: ReadonlyMap<number, number> } {
  const merged = new Map(weights);
  copies.forEach((times, row) => merged.set(row, times * (weights.get(row) ?? 1)));
  return { train, copies: merged };
}

/** The file of a record, by binary search. */
function fileOf(record: number, files: readonly ReadFile[]): ReadFile | undefined {
  let low = 0;
  let high = files.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((files[middle]?.start ?? 0) <= record) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return files[low];
}

function sourceOf(record: number, files: readonly ReadFile[]): number {
  return fileOf(record, files)?.source ?? 0;
}

function rowsOfSource(rows: Uint32Array, files: readonly ReadFile[], source: number): Uint32Array {
  return rows.filter((row) => sourceOf(row, files) === source);
}

function reasonsOf(dropped: Curation['dropped']): string {
  const rules = Object.entries(dropped).filter(([rule]) => rule !== 'not_sampled');
  return rules.length === 0
    ? 'None were dropped.'
    : `Dropped: ${rules.map(([rule, count]) => `${rule} ${count}`).join(', ')}.`;
}

/** The settings that shape the rows: those of the version. Licences and teachers do not. */
export function shapingSettings({ sources, curate: settings }: DatasetRecipe): {
  readonly sources: readonly unknown[];
  readonly curate: CurateRecipe;
} {
  return {
    sources: sources.map(({ licence: _licence, teacher: _teacher, ...source }) => source),
    curate: settings,
  };
}
