// Curation: from the files of a dataset's sources to its splits, the list of dropped rows, and what the data card says.
import { availableParallelism, tmpdir } from 'node:os';
import { BadInput } from '../domain/bad-input.ts';
import type { DistilledSource, Overlaps } from '../domain/dataset.ts';
import type { CurateRecipe, DatasetRecipe } from '../domain/recipe-dataset.ts';
import type { DistillRecipe } from '../domain/recipe-distill.ts';
import type { ReferenceIndex } from './decontaminate/build-references.ts';
import { chooseRows } from './engine/choose-rows.ts';
import { countOverlaps } from './engine/count-overlaps.ts';
import { createCrew, threadsFor } from './engine/crew.ts';
import { bandsFor } from './engine/min-hasher.ts';
import type { NearOutcome } from './engine/near-step.ts';
import type { RowSettings } from './engine/process-chunk.ts';
import { readRows, type CurateFile, type ReadFile } from './engine/read-rows.ts';
import { ScratchFiles } from './engine/scratch-files.ts';
import { splitNames } from '../domain/split-names.ts';
import { checkSizes } from './engine/split-rows.ts';
import { writeFiles, type WrittenFiles } from './engine/write-files.ts';
import { labelErrorStep, type LabelErrorsFound } from './label-error-step.ts';
import type { TextAnalyzer } from './pii/text-analyzer.ts';

export type { CurateFile } from './engine/read-rows.ts';

export interface CurateInput {
  /** Name of the dataset: that of the recipe. */
  readonly name: string;
  readonly dataset: DatasetRecipe;
  /** The label set, when the recipe states one. */
  readonly labels?: readonly string[] | undefined;
  /** True when the training method needs a worse answer beside every answer. */
  readonly rejectedNeeded?: boolean | undefined;
  /** Files of all sources, those of the first source first. */
  readonly files: readonly CurateFile[];
  /** Secret of pseudonyms. */
  readonly piiKey?: string | undefined;
  readonly analyzer?: TextAnalyzer | undefined;
  /** What teachers answered, where files come with answers; for the manifest. */
  readonly distilled?: readonly DistilledSource[] | undefined;
  /** Texts of evaluations, for the recipe's `decontaminate` block. */
  readonly references?: ReferenceIndex | undefined;
  /** Where a scratch folder is made, about as large as the rows; the system's when absent. Absolute. */
  readonly scratch?: string | undefined;
  /** Worker threads; as many as pay when absent, none for 0. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CurateProgress) => void) | undefined;
}

export interface CurateProgress {
  readonly step: 'read' | 'duplicates' | 'split' | 'write' | 'labels';
  /** Rows read so far. */
  readonly rows: number;
  /** Bytes of the files read so far, and in all. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What curation made: files in a scratch folder, to be stored and then removed. Kept plus dropped rows are the rows read. */
export interface Curation extends Pick<WrittenFiles, 'dropped' | 'splits' | 'clusters' | 'lists'> {
  readonly name: string;
  readonly dataset: DatasetRecipe;
  readonly files: readonly ReadFile[];
  readonly read: number;
  readonly kept: number;
  /** Inputs that stood with different outputs. */
  readonly conflictingInputs: number;
  /** Undefined where near duplicates were not looked for. */
  readonly near: Pick<NearOutcome, 'pairsCompared' | 'rowsCutShort'> | undefined;
  readonly pii: ReadonlyMap<string, { readonly rows: number; readonly found: number }>;
  /** Rows that overlap with evaluations, kept ones included; undefined where nobody looked. */
  readonly overlaps: Overlaps | undefined;
  readonly labelErrors: LabelErrorsFound | undefined;
  readonly distilled: readonly DistilledSource[] | undefined;
  /** What a person should be told: steps that could not be done. */
  readonly remarks: readonly string[];
  readonly remove: () => Promise<void>;
}

/**
 * Reads, normalises, deduplicates and splits. The splits depend on the files' bytes and the settings alone, not on
 * threads or on time. Memory: about 70 bytes a record beyond 350 MB (docs/benchmarks/curation-size.md), whatever the size of the texts. Throws BadInput for a
 * broken source and for fewer rows than the split asks for; the scratch folder is then gone.
 */
export async function curate(input: CurateInput): Promise<Curation> {
  requireGroups(input.dataset);
  const scratch = await ScratchFiles.create(input.scratch ?? tmpdir());
  try {
    return await curateIn(scratch, input);
  } catch (error) {
    await scratch.remove();
    throw error;
  }
}

async function curateIn(scratch: ScratchFiles, input: CurateInput): Promise<Curation> {
  const { name, dataset, files, signal, references, analyzer } = input;
  const { near, exact } = dataset.curate.dedupe;
  const report = progressOf(input);
  const crew = await createCrew(rowSettings(input), { threads: threadsOf(input), analyzer, signal });
  try {
    const found = await readRows(crew, scratch, {
      files,
      malformed: dataset.curate.malformed,
      bands: near === false ? 0 : bandsFor(near.threshold, near.recall).bands,
      signal,
      onRows: (now) => report('read', now),
    });
    await crew.rowsEnd();
    report('duplicates');
    const chosen = await chooseRows(found, { dataset, crew, scratch, signal, onSplit: () => report('split') });
    report('write');
    const written = await writeFiles(found, chosen, {
      scratch,
      exact,
      signal,
      onDropped: (dropped) =>
        checkSizes(chosen.splits, dataset.curate.split, {
          read: found.table.records,
          usable: chosen.usable,
          reasons: reasonsOf(dropped),
          where: [...new Set(found.files.map(({ path }) => path))].join(', '),
        }),
    });
    if (dataset.curate.label_errors !== false) {
      report('labels');
    }
    const paths = splitNames.map((split) => written.splits[split].path);
    const labelErrors = await labelErrorStep(paths, scratch.path('label-errors.jsonl'), dataset.curate);
    return {
      ...written,
      name,
      dataset,
      files: found.files,
      read: found.table.records,
      kept: splitNames.reduce((sum, split) => sum + chosen.splits[split].length, 0),
      conflictingInputs: chosen.conflictingInputs,
      near:
        chosen.near === undefined
          ? undefined
          : { pairsCompared: chosen.near.pairsCompared, rowsCutShort: chosen.near.rowsCutShort },
      pii: found.pii,
      overlaps: references === undefined ? undefined : await countOverlaps(written.lists.overlaps),
      labelErrors: labelErrors.found,
      distilled: input.distilled,
      remarks: labelErrors.remark === undefined ? [] : [labelErrors.remark],
      remove: async () => await scratch.remove(),
    };
  } finally {
    await crew.close();
  }
}

/** What the steps that see one row at a time are told. */
export function rowSettings({ dataset, labels, piiKey, references, rejectedNeeded }: CurateInput): RowSettings {
  return {
    curate: dataset.curate,
    sources: dataset.sources,
    ...(labels === undefined ? {} : { labels }),
    ...(piiKey === undefined ? {} : { piiKey }),
    ...(references === undefined ? {} : { references }),
    ...(rejectedNeeded === undefined ? {} : { rejectedNeeded }),
  };
}

function threadsOf({ threads, files }: CurateInput): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return Math.min(threads ?? threadsFor(bytes), availableParallelism() * 2);
}

type Rows = Pick<CurateProgress, 'rows' | 'bytes'>;

/** Tells of a step, with the rows read so far unless it says how many. */
function progressOf({ files, onProgress }: CurateInput): (step: CurateProgress['step'], now?: Rows) => void {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let last: Rows = { rows: 0, bytes: 0 };
  return (step, now = last) => {
    last = now;
    onProgress?.({ step, ...now, totalBytes });
  };
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

function reasonsOf(dropped: Curation['dropped']): string {
  const rules = Object.entries(dropped).filter(([rule]) => rule !== 'not_sampled');
  return rules.length === 0
    ? 'None were dropped.'
    : `Dropped: ${rules.map(([rule, count]) => `${rule} ${count}`).join(', ')}.`;
}

/** The settings that shape the rows: those of the version. Licences do not, nor terms, prices and budgets of teachers. */
export function shapingSettings({ sources, curate: settings }: DatasetRecipe): {
  readonly sources: readonly unknown[];
  readonly curate: CurateRecipe;
} {
  return {
    sources: sources.map(({ licence: _licence, teacher: _teacher, distill, ...source }) =>
      distill === undefined ? source : { ...source, distill: shapingDistill(distill) },
    ),
    curate: settings,
  };
}

function shapingDistill({ teacher, terms: _terms, ...distill }: DistillRecipe): unknown {
  const { provider, model, base_url, resource, region, project, api_version, reasoning } = teacher;
  return { ...distill, teacher: { provider, model, base_url, resource, region, project, api_version, reasoning } };
}
