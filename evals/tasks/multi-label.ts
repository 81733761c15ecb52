// Multi-label: the answer is a set of labels, as a JSON array or as a list.
import { canonicalJson } from '../../domain/canonical.ts';
import { jsonInText } from '../answers/json-in-text.ts';
import { labelReader } from '../label.ts';
import { f1OfCounts } from '../statistics/count-f1.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

/** Longer lists are no answers. */
const maxItems = 1000;

/**
 * Set F1 = 2 right / (expected + given), 1 when both sets are empty; exact match when the sets are the same.
 * Throws RangeError when the expected answer is no set of labels of the label set.
 */
export function scoreMultiLabel({ labels }: Scoring, { output }: ScoredRow, answer: string | null): RowScore {
  const expected = expectedLabels(output, labels);
  const given = answer === null ? undefined : readSet(answer, labels);
  const matched = expected.filter((label) => given?.includes(label)).length;
  const counts = { expected: expected.length, given: given?.length ?? 0, matched, overlapping: matched };
  const same = given !== undefined && matched === expected.length && matched === given.length;
  return {
    parsed: given === undefined ? null : canonicalJson(given),
    score: same ? 1 : 0,
    scores: { set_f1: given === undefined ? 0 : f1OfCounts(expected.length, given.length, matched) },
    counts,
  };
}

/** Labels that an expected answer names. Throws RangeError when it is no set of them. */
export function expectedLabels(output: string, labels: readonly string[]): readonly string[] {
  const isJson = jsonInText(output, isSet) !== undefined;
  if (!isJson && labels.some((label) => /[,;]/u.test(label))) {
    throw new RangeError('the expected answer must be a JSON array, because labels hold commas or semicolons');
  }
  const expected = readSet(output, labels);
  if (expected === undefined) {
    throw new RangeError(
      isJson
        ? `the expected answer names more than ${maxItems} labels`
        : 'the expected answer is no JSON array of labels, nor a list of labels of the label set',
    );
  }
  if (expected.some((label) => !labels.includes(label))) {
    throw new RangeError('an expected label is not in the label set');
  }
  return expected;
}

/** The items of an expected answer, as they are spelt there, without a look at the label set. */
export function namedLabels(output: string): readonly string[] {
  const json = jsonInText(output, isSet);
  const items = json === undefined ? itemsOf(output, []) : textsOf(json).map((item) => item.trim());
  return items.length === 1 && json === undefined && saysNone(output) ? [] : items;
}

/**
 * The distinct labels that a text names, sorted; undefined when it cannot be read. In a JSON array, what is no
 * label counts as given and wrong. In a list of words everything must be a label, or the list is taken for prose:
 * the whole text first, then its first line.
 */
function readSet(text: string, labels: readonly string[]): readonly string[] | undefined {
  const read = labelReader(labels);
  const json = jsonInText(text, isSet);
  if (json !== undefined) {
    const items = textsOf(json);
    return items.length > maxItems ? undefined : distinct(items.map((item) => read(item) ?? item.trim()));
  }
  const firstLine = text.split('\n').find((line) => line.trim() !== '') ?? '';
  for (const part of [text, firstLine]) {
    const items = itemsOf(part, labels);
    const found = items.length > maxItems ? [] : items.map((item) => read(item));
    if (found.length > 0 && !found.includes(null)) {
      return distinct(found.filter((label) => label !== null));
    }
  }
  // A list has no other way to say that nothing fits.
  return saysNone(text) ? [] : undefined;
}

function saysNone(text: string): boolean {
  return text.length <= 100 && /^\W*none\W*$/iu.test(text);
}

type LabelSet = readonly string[] | { readonly [key: string]: readonly string[] };

/** An array of texts, or an object whose only member is one. */
function isSet(value: unknown): value is LabelSet {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'string');
  }
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.length === 1 && Array.isArray(members[0]) && isSet(members[0]);
}

function textsOf(set: LabelSet): readonly string[] {
  return Array.isArray(set) ? set : (Object.values(set)[0] ?? []);
}

/** Parts between line breaks, commas and semicolons; a separator that a label holds separates nothing. */
function itemsOf(text: string, labels: readonly string[]): string[] {
  const separators = ['\n', ...[',', ';'].filter((mark) => !labels.some((label) => label.includes(mark)))];
  const items = separators.reduce((parts, mark) => parts.flatMap((part) => part.split(mark)), [text]);
  return items.map((item) => item.trim().replace(/^\d{1,3}[.)]\s/u, '')).filter((item) => item !== '');
}

function distinct(labels: readonly string[]): readonly string[] {
  return [...new Set(labels)].toSorted();
}
