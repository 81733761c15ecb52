// The steps that need all rows at once: duplicates, caps, the split, and how often training rows are written.
import type { DatasetRecipe } from '../../domain/recipe-dataset.ts';
import { applyCap, balanced, weightedCopies } from './copies.ts';
import type { Crew } from './crew.ts';
import { dropExactDuplicates, type KeptInstead } from './exact-duplicates.ts';
import { nearStep, type NearOutcome } from './near-step.ts';
import { sourceOf, type RowsRead } from './read-rows.ts';
import type { ScratchFiles } from './scratch-files.ts';
import { inSeededOrder } from './seeded-order.ts';
import type { SplitRows } from './divided-rows.ts';
import { countIn, rowsIn, splitRows } from './split-rows.ts';
import { unitPlaces } from './units.ts';

export interface ChosenRows {
  readonly splits: SplitRows;
  /** How often a training row is written; once where this says nothing. */
  readonly copies: ReadonlyMap<number, number>;
  readonly keptInstead: KeptInstead;
  /** Undefined where near duplicates were not looked for. */
  readonly near: NearOutcome | undefined;
  readonly conflictingInputs: number;
  /** Rows that were in before the split. */
  readonly usable: number;
}

export interface ChooseOptions {
  readonly dataset: DatasetRecipe;
  readonly crew: Crew;
  readonly scratch: ScratchFiles;
  readonly signal?: AbortSignal | undefined;
  /** Told when the split begins. */
  readonly onSplit: () => void;
}

/** Writes the rule of every row that is dropped into the table. The crew is closed when rows have been compared. */
export async function chooseRows(found: RowsRead, options: ChooseOptions): Promise<ChosenRows> {
  const { table, files } = found;
  const { sources, curate } = options.dataset;
  const { near: nearSettings, exact, conflicts } = curate.dedupe;
  const keptInstead: KeptInstead = new Int32Array(table.records).fill(-1);
  const { conflictingInputs } = exact ? dropExactDuplicates(table, conflicts, keptInstead) : { conflictingInputs: 0 };
  const near = nearSettings === false ? undefined : await nearStep(found, nearSettings, { ...options, keptInstead });
  await options.crew.close();
  options.onSplit();
  for (const [source, { cap }] of sources.entries()) {
    if (cap !== undefined) {
      const own = rowsIn(table.rule).filter((row) => sourceOf(row, files) === source);
      applyCap(table, inSeededOrder(table, own), cap);
    }
  }
  const usable = countIn(table.rule);
  const split = splitRows(table, unitPlaces(table, near?.clusters ?? [], curate.split.by), curate.split);
  const weights = weightedCopies(split.train, (row) => sources[sourceOf(row, files)]?.weight ?? 1);
  const { train, copies } =
    curate.balance === undefined
      ? { train: split.train, copies: weights }
      : balanced(table, split.train, curate.balance);
  return {
    splits: { ...split, train },
    copies: curate.balance === undefined ? weights : product(copies, weights),
    keptInstead,
    near,
    conflictingInputs,
    usable,
  };
}

/** Rows that balance and weight both repeat are repeated by both. */
function product(copies: ReadonlyMap<number, number>, weights: ReadonlyMap<number, number>): Map<number, number> {
  const both = new Map(weights);
  copies.forEach((times, row) => both.set(row, times * (weights.get(row) ?? 1)));
  return both;
}
