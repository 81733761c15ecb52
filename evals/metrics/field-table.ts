// Extraction field by field: which fields of a schema an arm gets right.
import { parseBounded } from '../answers/bounded-json.ts';
import { f1OfCounts } from '../statistics/count-f1.ts';
import { expectedJson } from '../tasks/extraction.ts';
import { fieldsByPath, leafFields, sharedCount } from '../answers/leaf-fields.ts';
import { singleAnswers, type LabelledResult } from './coded-results.ts';

/** One field of all rows, by its path. Precision is 0 when nothing was given, recall when nothing was expected. */
export interface FieldRow {
  readonly path: string;
  readonly expected: number;
  readonly given: number;
  readonly matched: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Values expected, given and matched at each path, over all answers; most expected first. */
export function fieldTable(results: readonly LabelledResult[]): FieldRow[] {
  const totals = new Map<string, { expected: number; given: number; matched: number }>();
  for (const { expected, parsed } of singleAnswers(results).answers) {
    const wanted = fieldsByPath(leafFields(expectedJson(expected)));
    const found = parsed === null ? new Map<string, string[]>() : fieldsByPath(leafFields(parseBounded(parsed)));
    for (const path of new Set([...wanted.keys(), ...found.keys()])) {
      const total = totals.get(path) ?? { expected: 0, given: 0, matched: 0 };
      totals.set(path, total);
      const [want, gave] = [wanted.get(path) ?? [], found.get(path) ?? []];
      total.expected += want.length;
      total.given += gave.length;
      total.matched += sharedCount(want, gave);
    }
  }
  return [...totals]
    .map(([path, { expected, given, matched }]) => ({
      path,
      expected,
      given,
      matched,
      precision: given === 0 ? 0 : matched / given,
      recall: expected === 0 ? 0 : matched / expected,
      f1: f1OfCounts(expected, given, matched),
    }))
    .toSorted((left, right) => right.expected - left.expected || (left.path < right.path ? -1 : 1));
}
