// Macro-averaged F1 over sets of labels, fast enough to be bootstrapped.
import { z } from 'zod';
import { undressed } from '../label.ts';
import { namedLabels } from '../tasks/multi-label.ts';
import type { LabelAnswer } from './coded-results.ts';

/** Sets of labels in one flat array: those of answer `a` stand from `starts[a]` to `starts[a + 1]`. */
interface FlatSets {
  readonly starts: Int32Array;
  readonly codes: Int32Array;
}

/** Expected and given sets of all answers, in codes from 0 to `labels` - 1. */
export interface CodedSets {
  readonly expected: FlatSets;
  readonly given: FlatSets;
  readonly labels: number;
}

const setSchema = z.array(z.string());

/** Codes the sets that multi-label scoring read; an answer that could not be read is an empty set. */
export function codeSets(answers: readonly LabelAnswer[]): CodedSets {
  const codes = new Map<string, number>();
  const code = (label: string): number => {
    // Expected answers may be spelt otherwise than the label set; scoring reads both the same.
    const text = undressed(label);
    const known = codes.get(text) ?? codes.size;
    codes.set(text, known);
    return known;
  };
  const expected = flat(
    answers.map((answer) => [...new Set(namedLabels(answer.expected).map((label) => code(label)))]),
  );
  const given = flat(
    answers.map(({ parsed }) =>
      parsed === null ? [] : [...new Set(setSchema.parse(JSON.parse(parsed)).map((label) => code(label)))],
    ),
  );
  return { expected, given, labels: codes.size };
}

/**
 * Mean over labels of F1 = 2 TP / (2 TP + FP + FN), over the labels that are expected among the chosen answers, as
 * `macroF1` does for single labels. 1 when nothing is expected and nothing given, 0 when nothing is expected and
 * something given.
 *
 * @param answers indices of the answers to use, repeats allowed; all when absent
 */
export function setMacroF1({ expected, given, labels }: CodedSets, answers?: Int32Array): number {
  const wanted = new Float64Array(labels);
  const gave = new Float64Array(labels);
  const right = new Float64Array(labels);
  // Which answer last asked for a label: tells without a set whether a given label was expected.
  const askedAt = new Int32Array(labels).fill(-1);
  const count = answers === undefined ? expected.starts.length - 1 : answers.length;
  let anyGiven = false;
  for (let position = 0; position < count; position += 1) {
    const answer = answers === undefined ? position : (answers[position] ?? 0);
    for (let at = expected.starts[answer] ?? 0; at < (expected.starts[answer + 1] ?? 0); at += 1) {
      const label = expected.codes[at] ?? 0;
      wanted[label] = (wanted[label] ?? 0) + 1;
      askedAt[label] = position;
    }
    for (let at = given.starts[answer] ?? 0; at < (given.starts[answer + 1] ?? 0); at += 1) {
      const label = given.codes[at] ?? 0;
      anyGiven = true;
      gave[label] = (gave[label] ?? 0) + 1;
      if (askedAt[label] === position) {
        right[label] = (right[label] ?? 0) + 1;
      }
    }
  }
  let [sum, present] = [0, 0];
  for (let label = 0; label < labels; label += 1) {
    const support = wanted[label] ?? 0;
    if (support > 0) {
      present += 1;
      sum += (2 * (right[label] ?? 0)) / (support + (gave[label] ?? 0));
    }
  }
  return present === 0 ? (anyGiven ? 0 : 1) : sum / present;
}

function flat(sets: readonly (readonly number[])[]): FlatSets {
  const starts = new Int32Array(sets.length + 1);
  sets.forEach((set, index) => {
    starts[index + 1] = (starts[index] ?? 0) + set.length;
  });
  return { starts, codes: Int32Array.from(sets.flat()) };
}
