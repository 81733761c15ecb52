// Extraction: the answer is JSON, compared field by field.
import { fieldsByPath, leafFields, sharedCount, unorderedJson, type LeafField } from '../answers/leaf-fields.ts';
import { fitsSchema } from '../answers/json-schema.ts';
import { jsonInText } from '../answers/json-in-text.ts';
import { f1OfCounts } from '../statistics/count-f1.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

/**
 * - `json_validity`: the answer holds JSON that satisfies the response schema, or any JSON when there is none.
 * - `field_f1`: F1 over leaf fields, each a path with a value; arrays are multisets.
 * - `field_match`: share of the expected paths at which exactly the expected values stand.
 * - exact match: the same JSON, apart from white space in texts and the order of keys and arrays. It alone sees which
 *   values of an array's objects belong together.
 *
 * Throws RangeError when the expected answer is no JSON object or array, or does not satisfy the schema.
 */
export function scoreExtraction({ responseSchema }: Scoring, { output }: ScoredRow, answer: string | null): RowScore {
  const expected = expectedJson(output);
  if (responseSchema !== undefined && !fitsSchema(responseSchema, expected)) {
    throw new RangeError('the expected answer does not satisfy the response schema');
  }
  const wanted = leafFields(expected);
  const given = answer === null ? undefined : jsonInText(answer, (value) => isLike(value, expected));
  if (given === undefined) {
    return {
      parsed: null,
      score: 0,
      scores: { json_validity: 0, field_f1: 0, field_match: 0 },
      counts: { expected: wanted.length, given: 0, matched: 0, overlapping: 0 },
    };
  }
  const found = leafFields(given);
  const matched = sharedCount(wanted.map(asText), found.map(asText));
  const counts = { expected: wanted.length, given: found.length, matched, overlapping: matched };
  const parsed = unorderedJson(given);
  return {
    parsed,
    score: parsed === unorderedJson(expected) ? 1 : 0,
    scores: {
      json_validity: responseSchema === undefined || fitsSchema(responseSchema, given) ? 1 : 0,
      field_f1: f1OfCounts(wanted.length, found.length, matched),
      field_match: shareOfPaths(wanted, found),
    },
    counts,
  };
}

/** The JSON of an expected answer. Throws RangeError when it is no object or array. */
export function expectedJson(output: string): object {
  const expected = jsonInText(output, (value) => typeof value === 'object' && value !== null);
  if (expected === undefined) {
    throw new RangeError('the expected answer is no JSON object or array');
  }
  return expected;
}

function isLike(value: unknown, expected: object): value is object {
  return typeof value === 'object' && value !== null && Array.isArray(value) === Array.isArray(expected);
}

function asText({ path, value }: LeafField): string {
  return `${path}\n${value}`;
}

function shareOfPaths(wanted: readonly LeafField[], found: readonly LeafField[]): number {
  const given = fieldsByPath(found);
  const paths = [...fieldsByPath(wanted)];
  const right = paths.filter(([path, values]) => {
    const others = given.get(path) ?? [];
    return others.length === values.length && sharedCount(values, others) === values.length;
  });
  return right.length / paths.length;
}
