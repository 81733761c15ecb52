// Divides the rows that are in into train, validation and test.
import { BadInput } from '../../domain/bad-input.ts';
import type { SplitRecipe } from '../../domain/recipe-split.ts';
import { ruleCode } from './chunk-result.ts';
import type { RowTable } from './row-table.ts';
import { inSeededOrder, sortedBy } from './seeded-order.ts';
import { splitNames, type SplitName } from '../../domain/split-names.ts';
import type { SplitRows } from './divided-rows.ts';
import { stratified } from './stratified.ts';
import { timeZones } from './time-zones.ts';

/** Sizes in rows. */
export type SplitSizes = Readonly<Record<SplitName, number>>;

// Kept free between the zones of validation and train: a test split that had to be taken whole, from fewer rows,
// reached somewhat beyond its zone, and those rows must not be in the zone of train once there are more.
const buffer = 0.1;

/**
 * Every unit has a fixed place, and each split a fixed zone of places from which it samples. Appended rows push old test rows out of the
 * sample at most, never into train. With sizes in rows, sizes are exact; where a zone has too few rows, units are taken
 * whole: test from the front of the order, train from its back, validation next to train. Rows that no split takes get
 * the rule `not_sampled`, in a split by time those on the wrong side of their unit `crosses_split`. Gives fewer rows
 * than asked for when there are too few: the caller decides.
 */
export function splitRows(table: RowTable, unitPlace: Uint32Array, split: SplitRecipe): SplitRows {
  const rows = rowsIn(table.rule);
  const sizes = sizesOf(split, rows.length);
  const zones =
    split.by === 'time'
      ? timeZones(table, unitPlace, rows, split)
      : zonesByPlace(unitPlace, rows, split.train < 1 ? partBounds(split) : countBounds(split));
  const enough = splitNames.every((name) => zones[name].length >= sizes[name]);
  const chosen =
    enough || split.by === 'time' || split.train < 1
      ? sampleZones(table, zones, rows, sizes, split)
      : takeFromBothEnds(table, unitPlace, rows, sizes);
  markRest(table.rule, rows, chosen);
  return chosen;
}

/** What is asked for in rows. Parts are parts of the rows that are in; in a split by time they are the most that is taken. */
export function sizesOf({ train, validation, test }: SplitRecipe, rows: number): SplitSizes {
  const inRows = (size: number): number => (size < 1 ? Math.ceil(size * rows) : size);
  return { train: inRows(train), validation: inRows(validation), test: inRows(test) };
}

/** How many rows are in. */
export function countIn(rule: Uint8Array): number {
  return rule.reduce((count, code) => count + (code === 0 ? 1 : 0), 0);
}

export function rowsIn(rule: Uint8Array): Uint32Array {
  const rows = new Uint32Array(countIn(rule));
  let count = 0;
  for (const [row, code] of rule.entries()) {
    if (code === 0) {
      rows[count] = row;
      count += 1;
    }
  }
  return rows;
}

/** Parts of the order, from 0 to 1: test up to `test`, validation up to `validation`, train from `train` on. */
interface Bounds {
  readonly test: number;
  readonly validation: number;
  readonly train: number;
}

function countBounds({ train, validation, test }: SplitRecipe): Bounds {
  const asked = train + validation + test;
  return { test: test / asked, validation: (test + validation) / asked, train: 1 - ((1 - buffer) * train) / asked };
}

/** Parts leave no rows over to be taken whole, so their zones may touch. */
function partBounds({ train, validation, test }: SplitRecipe): Bounds {
  return { test, validation: test + validation, train: Math.max(1 - train, test + validation) };
}

function zonesByPlace(unitPlace: Uint32Array, rows: Uint32Array, bounds: Bounds): SplitRows {
  const within = (from: number, to: number): Uint32Array =>
    rows.filter((row) => {
      const place = (unitPlace[row] ?? 0) / 2 ** 32;
      return place >= from && place < to;
    });
  return {
    train: within(bounds.train, 1),
    validation: within(bounds.test, bounds.validation),
    test: within(0, bounds.test),
  };
}

function sampleZones(
  table: RowTable,
  zones: SplitRows,
  rows: Uint32Array,
  sizes: SplitSizes,
  split: SplitRecipe,
): SplitRows {
  const sample = (name: SplitName): Uint32Array => {
    const ordered = inSeededOrder(table, zones[name]);
    // Without a remainder parts take their whole zone, which is a little more or less than the part.
    const size = split.train < 1 && split.by !== 'time' ? ordered.length : sizes[name];
    if (split.by === 'stratified') {
      return stratified(table, rows, ordered, sizes[name]);
    }
    return split.sample === 'groups'
      ? inSeededOrder(table, firstOfEveryGroup(table, ordered).slice(0, size))
      : ordered.subarray(0, size);
  };
  return { train: sample('train'), validation: sample('validation'), test: sample('test') };
}

/** The first row of every group (without groups: input) in the order given, then the second ones, and so on. */
function firstOfEveryGroup({ group, key }: RowTable, rows: Uint32Array): Uint32Array {
  const taken = new Map<string, number>();
  const rank = new Uint32Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const name =
      group[row * 2] === 0
        ? `${key[row * 4]}:${key[row * 4 + 1]}:${key[row * 4 + 2]}`
        : `${group[row * 2]}:${group[row * 2 + 1]}`;
    const before = taken.get(name) ?? 0;
    rank[index] = before;
    taken.set(name, before + 1);
  }
  const places = rows.map((_, index) => index);
  return sortedBy(rank, places).map((index) => rows[index] ?? 0);
}

function takeFromBothEnds(table: RowTable, unitPlace: Uint32Array, rows: Uint32Array, sizes: SplitSizes): SplitRows {
  const inOrder = sortedBy(unitPlace, rows);
  const test = takeWhole(table, unitPlace, inOrder, sizes.test);
  const fromBack = inOrder.subarray(test.reached).toReversed();
  const train = takeWhole(table, unitPlace, fromBack, sizes.train);
  const validation = takeWhole(table, unitPlace, fromBack.subarray(train.reached), sizes.validation);
  return { train: train.rows, validation: validation.rows, test: test.rows };
}

/** Exactly `size` rows of the first units, if there are so many, and how far into the order those units reach. */
function takeWhole(
  table: RowTable,
  unitPlace: Uint32Array,
  inOrder: Uint32Array,
  size: number,
): { readonly rows: Uint32Array; readonly reached: number } {
  let reached = 0;
  let before = 0;
  while (reached < inOrder.length && reached < size) {
    before = reached;
    const place = unitPlace[inOrder[reached] ?? 0];
    while (reached < inOrder.length && unitPlace[inOrder[reached] ?? 0] === place) {
      reached += 1;
    }
  }
  // Of the last unit only as many rows as are missing; which ones, the seed says.
  const last = inSeededOrder(table, inOrder.slice(before, reached)).subarray(0, size - before);
  const rows = new Uint32Array(before + last.length);
  rows.set(inOrder.subarray(0, before));
  rows.set(last, before);
  return { rows: inSeededOrder(table, rows), reached };
}

function markRest(rule: Uint8Array, rows: Uint32Array, chosen: SplitRows): void {
  const taken = new Uint8Array(rule.length);
  for (const name of splitNames) {
    chosen[name].forEach((row) => (taken[row] = 1));
  }
  for (const row of rows) {
    if (taken[row] === 0 && rule[row] === 0) {
      rule[row] = ruleCode('not_sampled');
    }
  }
}

/** Throws BadInput when a split has other sizes than asked for, with what became of the rows. */
export function checkSizes(
  splits: SplitRows,
  split: SplitRecipe,
  found: { readonly read: number; readonly usable: number; readonly reasons: string; readonly where: string },
): void {
  const parts = split.train < 1 || split.by === 'time';
  const empty = splitNames.filter((name) => split[name] > 0 && splits[name].length === 0);
  const asked = split.train + split.validation + split.test;
  const got = splits.train.length + splits.validation.length + splits.test.length;
  if (parts ? empty.length === 0 : got === asked) {
    return;
  }
  const what = parts
    ? `no row is left for ${empty.join(' and ')}`
    : `the split asks for ${asked} rows (train ${split.train}, validation ${split.validation}, test ${split.test})`;
  const straddled =
    !parts && found.usable >= asked
      ? ' Groups are too large to fill every split without cutting more than one row set apart.'
      : '';
  throw new BadInput(`${what}, and ${found.usable} of the ${found.read} rows read are usable`, {
    where: found.where,
    hint: `${found.reasons}${straddled} Add rows, or make the split smaller.`,
  });
}
