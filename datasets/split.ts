// Divides curated rows into train, validation and test.
import { hash } from 'node:crypto';
import type { SplitRecipe } from '../domain/recipe-dataset.ts';
import type { CuratedRow } from './curated-row.ts';

export interface Splits {
  readonly train: CuratedRow[];
  readonly validation: CuratedRow[];
  readonly test: CuratedRow[];
  readonly notSampled: CuratedRow[];
}

/** Rows that stay together: a group, or the rows of one input in a random split. `position` is 64 hex digits. */
interface Unit {
  readonly position: string;
  readonly rows: CuratedRow[];
}

/**
 * Places every group (in a random split: every input) by a hash of seed and name, whatever its rows are and
 * wherever they stand in the file. Sizes are exact; what they leave over is not sampled, and the rest of a group
 * never goes to another split. When there are rows to spare, each split has a fixed zone of places and samples
 * rows from all groups there, so that it covers many groups. Else groups are taken whole: test from the front of
 * the order, train from its back, validation next to train. Either way appended rows push old test rows out of the
 * sample at most, never into train. Gives fewer rows than asked for when there are too few: the caller decides.
 */
export function splitRows(rows: readonly CuratedRow[], split: SplitRecipe): Splits {
  const units = unitsInOrder(rows, split);
  return sampleZones(units, split) ?? takeFromBothEnds(units, split);
}

// Kept free between the zones of validation and train: a test split that had to be taken whole, from fewer rows,
// reached somewhat beyond its zone, and those rows must not be in the zone of train once there are more.
const buffer = 0.1;

function sampleZones(
  units: readonly Unit[],
  { sample: by, train, validation, test, seed }: SplitRecipe,
): Splits | undefined {
  const asked = train + validation + test;
  const zones = { train: [] as CuratedRow[], validation: [] as CuratedRow[], test: [] as CuratedRow[] };
  const notSampled: CuratedRow[] = [];
  for (const unit of units) {
    const place = Number.parseInt(unit.position.slice(0, 12), 16) / 2 ** 48;
    const inTrain = place >= 1 - ((1 - buffer) * train) / asked;
    const inFront =
      place < test / asked ? zones.test : place < (test + validation) / asked ? zones.validation : notSampled;
    for (const row of unit.rows) {
      (inTrain ? zones.train : inFront).push(row);
    }
  }
  if (zones.train.length < train || zones.validation.length < validation || zones.test.length < test) {
    return undefined;
  }
  const sample = (zone: readonly CuratedRow[], size: number): CuratedRow[] => {
    const ordered = inSeededOrder(zone, seed);
    const drawn = by === 'groups' ? firstOfEveryGroup(ordered) : ordered;
    for (const row of drawn.slice(size)) {
      notSampled.push(row);
    }
    return inSeededOrder(drawn.slice(0, size), seed);
  };
  return {
    train: sample(zones.train, train),
    validation: sample(zones.validation, validation),
    test: sample(zones.test, test),
    notSampled,
  };
}

/** The first row of every group in the order given, then the second ones, and so on. */
function firstOfEveryGroup(rows: readonly CuratedRow[]): CuratedRow[] {
  const taken = new Map<string, number>();
  return rows
    .map((row) => {
      const group = row.group ?? row.key;
      const rank = taken.get(group) ?? 0;
      taken.set(group, rank + 1);
      return { row, rank };
    })
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ row }) => row);
}

function takeFromBothEnds(units: readonly Unit[], split: SplitRecipe): Splits {
  const test = takeWhole(units, split.test, split.seed);
  const fromBack = units.slice(test.units).toReversed();
  const train = takeWhole(fromBack, split.train, split.seed);
  const validation = takeWhole(fromBack.slice(train.units), split.validation, split.seed);
  const between = fromBack.slice(train.units + validation.units).flatMap((unit) => unit.rows);
  return {
    train: train.rows,
    validation: validation.rows,
    test: test.rows,
    notSampled: [...test.rest, ...train.rest, ...validation.rest, ...between],
  };
}

/** Exactly `size` rows of the first units, if there are so many; how many units that took, and what was left of the last. */
function takeWhole(
  units: readonly Unit[],
  size: number,
  seed: number,
): { rows: CuratedRow[]; rest: CuratedRow[]; units: number } {
  const rows: CuratedRow[] = [];
  const rest: CuratedRow[] = [];
  let count = 0;
  for (const unit of units) {
    if (rows.length >= size) {
      break;
    }
    count += 1;
    for (const row of inSeededOrder(unit.rows, seed)) {
      (rows.length < size ? rows : rest).push(row);
    }
  }
  return { rows: inSeededOrder(rows, seed), rest, units: count };
}

function unitsInOrder(rows: readonly CuratedRow[], { by, seed }: SplitRecipe): Unit[] {
  const units = new Map<string, Unit>();
  for (const row of rows) {
    const name = by === 'group' ? (row.group ?? '') : row.key;
    const unit = units.get(name);
    if (unit === undefined) {
      units.set(name, { position: position(seed, by, name), rows: [row] });
    } else {
      unit.rows.push(row);
    }
  }
  return [...units.values()].toSorted((left, right) => compare(left.position, right.position));
}

function inSeededOrder(rows: readonly CuratedRow[], seed: number): CuratedRow[] {
  return rows
    .map((row) => ({ row, place: position(seed, 'row', row.key) + row.id }))
    .toSorted((left, right) => compare(left.place, right.place))
    .map(({ row }) => row);
}

function position(seed: number, kind: string, name: string): string {
  return hash('sha256', `${seed}\n${kind}\n${name}`, 'hex');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
