// Curation: from sources to the three splits and the list of dropped rows. Pure over streams.
import { BadInput } from '../domain/bad-input.ts';
import type { DatasetManifest, DatasetRow, DroppedRow, DropRule } from '../domain/dataset.ts';
import type { CurateRecipe, SourceRecipe } from '../domain/recipe-dataset.ts';
import { collectRows } from './collect-rows.ts';
import type { CuratedRow } from './curated-row.ts';
import { exactDuplicates } from './exact-duplicates.ts';
import type { Dropped } from './exact-duplicates.ts';
import { nearDuplicates } from './near-duplicates.ts';
import { formatOf } from './sources/file-format.ts';
import type { CurateSource } from './read-source.ts';
import { splitRows } from './split.ts';
import type { Splits } from './split.ts';

export interface CurateInput {
  /** Name of the dataset: that of the recipe. */
  readonly name: string;
  readonly sources: readonly CurateSource[];
  readonly settings: CurateRecipe;
  readonly signal?: AbortSignal;
}

/** What curation made of the sources: kept rows plus dropped rows are the rows read. */
export interface Curated {
  readonly name: string;
  readonly sources: DatasetManifest['sources'];
  /** The recipe's `dataset` block, as far as it shapes the rows. */
  readonly settings: { readonly sources: readonly SourceRecipe[]; readonly curate: CurateRecipe };
  readonly read: number;
  readonly splits: Record<'train' | 'validation' | 'test', readonly DatasetRow[]>;
  /** In the order of the sources. */
  readonly dropped: readonly DroppedRow[];
  /** Distinct outputs over all splits, sorted. */
  readonly labels: readonly string[];
}

/**
 * Reads, normalises, deduplicates and splits. The result depends on the sources' bytes and the settings alone.
 * Throws BadInput for a broken source, a group split over a source without groups, and fewer rows than the split asks for.
 */
export async function curate({ name, sources, settings, signal }: CurateInput): Promise<Curated> {
  const ungrouped = sources.find(({ map }) => map.group === undefined);
  if (settings.split.by === 'group' && ungrouped !== undefined) {
    throw new BadInput('the split is by group, and the source maps no group', {
      where: ungrouped.path,
      hint: 'Add `group: <column>` to the map of the source, or split `by: random`.',
    });
  }
  const collected = await collectRows(sources, settings, signal);
  const exact = settings.dedupe.exact ? exactDuplicates(collected.rows) : { kept: collected.rows, dropped: [] };
  const { near } = settings.dedupe;
  const unlike =
    near === false ? { kept: exact.kept, dropped: [] } : await nearDuplicates(exact.kept, near.threshold, signal);
  const splits = splitRows(unlike.kept, settings.split);
  const sampled = [...splits.train, ...splits.validation, ...splits.test];
  const notSampled = splits.notSampled.map((row): Dropped => ({ row, rule: 'not_sampled' }));
  const dropped = inSourceOrder(
    [...collected.rejected, ...[...exact.dropped, ...unlike.dropped, ...notSampled].map(droppedRow)],
    sources,
  );
  const read = collected.counts.reduce((sum, count) => sum + count, 0);
  if (sampled.length + dropped.length !== read) {
    throw new Error(`curation lost rows: ${sampled.length} kept + ${dropped.length} dropped of ${read} read`);
  }
  checkSizes(splits, settings, read, dropped, sources);
  return {
    name,
    sources: sources.map(({ path, sha256, bytes }, index) => ({
      path,
      sha256,
      bytes,
      rows: collected.counts[index] ?? 0,
    })),
    settings: {
      sources: sources.map((source) => ({ path: source.path, format: formatOf(source), map: source.map, weight: 1 })),
      curate: settings,
    },
    read,
    splits: {
      train: splits.train.map(datasetRow),
      validation: splits.validation.map(datasetRow),
      test: splits.test.map(datasetRow),
    },
    dropped,
    labels: [...new Set(sampled.map((row) => row.output))].toSorted(),
  };
}

/** How many rows each rule dropped, in the order of the rules' names. */
export function countDropped(dropped: readonly DroppedRow[]): Partial<Record<DropRule, number>> {
  const counts: Partial<Record<DropRule, number>> = {};
  for (const rule of [...new Set(dropped.map((row) => row.rule))].toSorted()) {
    counts[rule] = dropped.filter((row) => row.rule === rule).length;
  }
  return counts;
}

function datasetRow({ key: _key, ...row }: CuratedRow): DatasetRow {
  return row;
}

function droppedRow({ row, ...why }: Dropped): DroppedRow {
  return { origin: row.origin, ...why };
}

function inSourceOrder(dropped: readonly DroppedRow[], sources: readonly CurateSource[]): DroppedRow[] {
  const place = new Map(sources.map(({ path }, index) => [path, index]));
  return dropped.toSorted(
    ({ origin: left }, { origin: right }) =>
      (place.get(left.file) ?? 0) - (place.get(right.file) ?? 0) || left.line - right.line,
  );
}

function checkSizes(
  splits: Splits,
  { split }: CurateRecipe,
  read: number,
  dropped: readonly DroppedRow[],
  sources: readonly CurateSource[],
): void {
  const asked = split.train + split.validation + split.test;
  const got = splits.train.length + splits.validation.length + splits.test.length;
  if (got === asked) {
    return;
  }
  const rules = Object.entries(countDropped(dropped)).filter(([rule]) => rule !== 'not_sampled');
  const reasons =
    rules.length === 0
      ? 'None were dropped.'
      : `Dropped: ${rules.map(([rule, count]) => `${rule} ${count}`).join(', ')}.`;
  const usable = got + splits.notSampled.length;
  const straddled =
    usable >= asked ? ' Groups are too large to fill every split without cutting more than one row set apart.' : '';
  throw new BadInput(
    `the split asks for ${asked} rows (train ${split.train}, validation ${split.validation}, test ${split.test}), and ${usable} of the ${read} rows read are usable`,
    {
      where: sources.map(({ path }) => path).join(', '),
      hint: `${reasons}${straddled} Add rows, or make the split smaller.`,
    },
  );
}
