// A sample in which every output has its share.
import { BadInput } from '../../domain/bad-input.ts';
import type { RowTable } from './row-table.ts';

const mostOutputs = 10_000;

/**
 * Of rows in seeded order the first ones of each output, as many as its share among all rows gives it (largest
 * remainders); what an output lacks here is made up by the first rows of others. In the order given.
 */
export function stratified(
  { output }: Pick<RowTable, 'output'>,
  all: Uint32Array,
  ordered: Uint32Array,
  size: number,
): Uint32Array {
  const nameOf = (row: number): string => `${output[row * 2]}:${output[row * 2 + 1]}`;
  const counts = new Map<string, number>();
  for (const row of all) {
    const name = nameOf(row);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size > mostOutputs) {
      throw new BadInput(`a stratified split is for at most ${mostOutputs} different outputs, and there are more`, {
        where: 'dataset.curate.split.by',
        hint: 'Split `by: random`.',
      });
    }
  }
  const wanted = Math.min(size, ordered.length);
  const quotas = shares(counts, wanted);
  const taken = new Uint8Array(ordered.length);
  let missing = wanted;
  for (const [index, row] of ordered.entries()) {
    const left = quotas.get(nameOf(row)) ?? 0;
    if (left > 0) {
      quotas.set(nameOf(row), left - 1);
      taken[index] = 1;
      missing -= 1;
    }
  }
  for (let index = 0; index < ordered.length && missing > 0; index += 1) {
    if (taken[index] === 0) {
      taken[index] = 1;
      missing -= 1;
    }
  }
  return ordered.filter((_, index) => taken[index] === 1);
}

/** Whole numbers in proportion to the counts that add up to `size`; ties go to the name that sorts first. */
function shares(counts: ReadonlyMap<string, number>, size: number): Map<string, number> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const exact = [...counts].map(([name, count]) => ({ name, share: (size * count) / Math.max(total, 1) }));
  const quotas = new Map(exact.map(({ name, share }) => [name, Math.floor(share)]));
  const over = size - [...quotas.values()].reduce((sum, quota) => sum + quota, 0);
  const byRemainder = exact.toSorted(
    (left, right) => (right.share % 1) - (left.share % 1) || (left.name < right.name ? -1 : 1),
  );
  for (const { name } of byRemainder.slice(0, over)) {
    quotas.set(name, (quotas.get(name) ?? 0) + 1);
  }
  return quotas;
}
