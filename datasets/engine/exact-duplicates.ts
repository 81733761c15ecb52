// Rows whose inputs are the same text, found by their keys.
import type { DedupeRecipe } from '../../domain/recipe-dataset.ts';
import { ruleCode } from './chunk-result.ts';
import type { RowTable } from './row-table.ts';

/** Who was kept instead of a row: number of the kept row, −1 for nobody, −n below that where n different outputs conflict. */
export type KeptInstead = Int32Array;

/**
 * Sets the rule of exact duplicates and of conflicting labels in the table. Kept is the first row, in reading order, of those with the same comparable
 * input and the same output. Where one input has different outputs, which one is right is not known: `drop` drops all its
 * rows, `majority` keeps the first row of the most frequent output unless two are as frequent, `keep` keeps one of each.
 * Returns how many inputs had different outputs.
 */
export function dropExactDuplicates(
  table: RowTable,
  conflicts: DedupeRecipe['conflicts'],
  kept: KeptInstead,
): { readonly conflictingInputs: number } {
  const groups = sameInputs(table);
  let conflictingInputs = 0;
  for (const members of groups) {
    const byOutput = new Map<string, number[]>();
    for (const row of members) {
      const name = `${table.output[row * 2]}:${table.output[row * 2 + 1]}`;
      const same = byOutput.get(name);
      if (same === undefined) {
        byOutput.set(name, [row]);
      } else {
        same.push(row);
      }
    }
    const conflicting = byOutput.size > 1;
    conflictingInputs += conflicting ? 1 : 0;
    const winners = conflicting ? winnersOf([...byOutput.values()], conflicts) : byOutput.values();
    const winning = new Set([...winners].flatMap(([first]) => first ?? []));
    for (const same of byOutput.values()) {
      const [first = -1, ...rest] = same;
      if (!winning.has(first)) {
        for (const row of same) {
          table.rule[row] = ruleCode('conflicting_label');
          kept[row] = -byOutput.size;
        }
        continue;
      }
      for (const row of rest) {
        table.rule[row] = ruleCode('exact_duplicate');
        kept[row] = first;
      }
    }
  }
  return { conflictingInputs };
}

function winnersOf(outputs: readonly number[][], conflicts: DedupeRecipe['conflicts']): readonly number[][] {
  switch (conflicts) {
    case 'drop':
      return [];
    case 'keep':
      return outputs;
    case 'majority': {
      const [first, second] = outputs.toSorted((left, right) => right.length - left.length);
      return first === undefined || first.length === second?.length ? [] : [first];
    }
    default:
      return conflicts satisfies never;
  }
}

/** Rows that are in and share their key with others, in reading order. */
export function sameInputs({ key, rule }: Pick<RowTable, 'key' | 'rule'>): Generator<number[]> {
  return sameValues(key, 4, rule);
}

/** Rows that are in and have the same value, of `words` numbers each, in reading order; rows with a value of their own are left out. */
export function* sameValues(values: Uint32Array, words: number, rule: Uint8Array): Generator<number[]> {
  const records = rule.length;
  const slots = 2 ** Math.ceil(Math.log2(Math.max(records, 1) * 1.5));
  const last = new Int32Array(slots).fill(-1);
  // The next row with the same value, and after the last one the first: a slot holds the last, so rows are appended in order.
  const next = new Int32Array(records);
  const repeated: number[] = [];
  for (let row = 0; row < records; row += 1) {
    if (rule[row] !== 0) {
      continue;
    }
    let slot = (values[row * words] ?? 0) & (slots - 1);
    let found = last[slot] ?? -1;
    while (found !== -1 && !isSame(values, words, found, row)) {
      slot = (slot + 1) & (slots - 1);
      found = last[slot] ?? -1;
    }
    if (found === -1) {
      next[row] = row;
    } else {
      if (next[found] === found) {
        repeated.push(found);
      }
      next[row] = next[found] ?? row;
      next[found] = row;
    }
    last[slot] = row;
  }
  for (const start of repeated) {
    const members = [start];
    for (let row = next[start] ?? start; row !== start; row = next[row] ?? start) {
      members.push(row);
    }
    yield members;
  }
}

function isSame(values: Uint32Array, words: number, left: number, right: number): boolean {
  for (let word = 0; word < words; word += 1) {
    if (values[left * words + word] !== values[right * words + word]) {
      return false;
    }
  }
  return true;
}
