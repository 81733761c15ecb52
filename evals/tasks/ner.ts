// Named entities: the answer is a JSON list of spans of the input.
import { z } from 'zod';
import { canonicalJson } from '../../domain/canonical.ts';
import { jsonInText } from '../answers/json-in-text.ts';
import { matchSpans, placeMentions, type Mention, type Span } from '../answers/spans.ts';
import { undressed } from '../label.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

/** More entities than this are no answer; matching them would be slow. */
const maxMentions = 1000;

const offset = z
  .int()
  .nonnegative()
  .nullish()
  .transform((value) => value ?? undefined);

const expectedSchema = z.array(
  z.strictObject({ text: z.string().min(1), label: z.string().min(1), start: offset, end: offset }),
);

/** Models name the kind of an entity `label` or `type`, and add what nobody asked for. */
const givenSchema = z.array(
  z
    .object({
      text: z.string().optional(),
      label: z.string().optional(),
      type: z.string().optional(),
      start: offset,
      end: offset,
    })
    .refine(({ label, type }) => (label ?? type) !== undefined),
);

/**
 * Counts for span F1: `matched` spans have the same place and label, `overlapping` ones the same label and a character
 * in common. Exact match when all spans are the same. An entity that the input does not hold counts as given and
 * wrong. Throws RangeError when the expected answer is no list of entities of the input, or has a label that is not
 * in the label set.
 */
export function scoreNer({ labels }: Scoring, { input, output }: ScoredRow, answer: string | null): RowScore {
  const expected = expectedSpans(input, output, labels);
  const mentions = answer === null ? undefined : readMentions(answer, labels);
  const given = mentions === undefined ? undefined : placeMentions(mentions, input);
  const { same, overlapping } = matchSpans(expected, given ?? []);
  return {
    parsed: given === undefined ? null : canonicalJson(given.toSorted(inOrder)),
    score: given !== undefined && same === expected.length && same === given.length ? 1 : 0,
    scores: {},
    counts: { expected: expected.length, given: given?.length ?? 0, matched: same, overlapping },
  };
}

/** Labels of the entities of an expected answer; none when it is no list of entities. */
export function entityLabels(output: string): string[] {
  return expectedSchema.safeParse(jsonInText(output, Array.isArray)).data?.map(({ label }) => label) ?? [];
}

function expectedSpans(input: string, output: string, labels: readonly string[]): Span[] {
  const parsed = expectedSchema.safeParse(jsonInText(output, Array.isArray));
  if (!parsed.success) {
    throw new RangeError('the expected answer is no JSON array of {text, label, start?, end?}');
  }
  const stranger = labels.length === 0 ? undefined : parsed.data.find(({ label }) => !labels.includes(label));
  if (stranger !== undefined) {
    throw new RangeError('the label of an expected entity is not in the label set');
  }
  const spans = placeMentions(parsed.data, input);
  if (spans.some(({ start }) => start < 0)) {
    throw new RangeError('the input does not hold the text of an expected entity');
  }
  return spans;
}

/**
 * Entities of an answer: an array of objects, an object whose only member is one, or an object from labels to lists
 * of texts. Undefined for anything else.
 */
function readMentions(answer: string, labels: readonly string[]): Mention[] | undefined {
  const read = labelOf(labels);
  const json = jsonInText(answer, (value) => typeof value === 'object' && value !== null);
  if (json === undefined) {
    return undefined;
  }
  const members = Object.entries(json);
  const [only] = members;
  const list: unknown = Array.isArray(json) ? json : members.length === 1 ? only?.[1] : undefined;
  const parsed = givenSchema.safeParse(list);
  if (parsed.success && (parsed.data.length > 0 || Array.isArray(json) || !labels.includes(only?.[0] ?? ''))) {
    return bounded(
      parsed.data.map(({ text, label, type, start, end }) => ({ text, label: read(label ?? type ?? ''), start, end })),
    );
  }
  const byLabel = z.record(z.string(), z.array(z.string())).safeParse(json);
  if (!byLabel.success || members.some(([label]) => !labels.includes(read(label)))) {
    return undefined;
  }
  return bounded(
    Object.entries(byLabel.data).flatMap(([label, texts]) => texts.map((text) => ({ text, label: read(label) }))),
  );
}

function bounded(mentions: Mention[]): Mention[] | undefined {
  return mentions.length > maxMentions ? undefined : mentions;
}

/** Spells a label as the label set does, when only dress and case tell them apart. */
function labelOf(labels: readonly string[]): (label: string) => string {
  const known = new Map(labels.map((label) => [undressed(label), label]));
  return (label) => known.get(undressed(label)) ?? label;
}

function inOrder(left: Span, right: Span): number {
  return left.start - right.start || left.end - right.end || (left.label < right.label ? -1 : 1);
}
