// Judges of known character, and pairs of answers, for tests.
import type { RowJudgement } from '../../domain/judgement.ts';
import { judgeSchema, judgesOf, type JudgeRecipe } from '../../domain/recipe-judge.ts';
import type { RowResult } from '../../domain/scorecard.ts';
import type { z } from 'zod';
import type { ChatMessage } from '../prompt.ts';
import { syntheticResult } from '../synthetic.ts';
import { judgeDigest, judgeMessages } from './prompt.ts';
import { judgeOfRow, judgeOrders, judgeRow, readingOf, settle } from './row-judgement.ts';

/** Replies to the messages of one request; `sample` counts the repeats of an order. */
export type SyntheticJudge = (messages: readonly ChatMessage[], sample: number) => string;

const verdict = (winner: string): string => JSON.stringify({ winner, reason: 'because' });

/** The text between the fences of a section, found by the key that the system message names. */
export function sectionOf(messages: readonly ChatMessage[], section: string): string {
  const [system = '', user = ''] = messages.map(({ content }) => content);
  const key = /key ([0-9a-f]{24})/u.exec(system)?.[1] ?? 'none';
  const [, text = ''] =
    new RegExp(`\\[\\[${section} ${key}\\]\\][^\\n]*\\n([\\s\\S]*?)\\n\\[\\[END ${section} ${key}`, 'u').exec(user) ??
    [];
  return text;
}

function comparing(value: (answer: string) => number): SyntheticJudge {
  return (messages) => {
    const [a, b] = [value(sectionOf(messages, 'ANSWER A')), value(sectionOf(messages, 'ANSWER B'))];
    return verdict(a === b ? 'tie' : a > b ? 'A' : 'B');
  };
}

export const positionBiased: SyntheticJudge = () => verdict('A');
export const lengthBiased: SyntheticJudge = comparing((answer) => answer.length);
/** Prefers the answer with more exclamation marks: they stand for quality. */
export const honest: SyntheticJudge = comparing((answer) => answer.split('!').length);
export const prosaic: SyntheticJudge = () => 'Answer A is better, I would say. {"winner": "A", "reason": "good"}';

/** A judge block with that many judges called m1, m2, …; `change` alters the rest. */
export function syntheticJudge(judges = 1, change: Partial<z.input<typeof judgeSchema>> = {}): JudgeRecipe {
  const panel = Array.from({ length: judges }, (_, index) => ({
    provider: 'openai-compatible' as const,
    model: `m${index + 1}`,
    base_url: `https://judge${index + 1}.example/v1`,
    max_concurrency: 2,
  }));
  return judgeSchema.parse({ panel, criteria: 'Short and right.', ...change });
}

export interface SyntheticPair {
  readonly candidate: string | null;
  readonly other: string | null;
  readonly group?: string;
}

export function resultsOf(pairs: readonly SyntheticPair[], side: 'candidate' | 'other'): RowResult[] {
  return pairs.map((pair, index) =>
    syntheticResult(index, true, {
      answer: pair[side],
      ...(pair.group === undefined ? {} : { group: pair.group }),
      ...(pair[side] === null ? { error: 'gone' } : {}),
    }),
  );
}

/** Rows as these judges judge them, without any endpoint between. */
export function judgedBy(
  judges: readonly SyntheticJudge[],
  pairs: readonly SyntheticPair[],
  change: Partial<z.input<typeof judgeSchema>> = {},
): RowJudgement[] {
  const rules = syntheticJudge(judges.length, change);
  const digest = judgeDigest(rules);
  const [ours, theirs] = [resultsOf(pairs, 'candidate'), resultsOf(pairs, 'other')];
  return pairs.map(({ candidate, other }, row) => {
    const [own, their] = [ours[row], theirs[row]];
    if (own === undefined || their === undefined) {
      throw new Error('no such row');
    }
    const shown = { task: `task ${row}`, expected: own.expected, candidate: candidate ?? '', other: other ?? '' };
    const said = judgesOf(rules).map(({ id }, index) =>
      judgeOfRow(
        id,
        judgeOrders.flatMap((order) =>
          Array.from({ length: rules.samples }, (_, sample) => {
            const text = judges[index]?.(judgeMessages(rules, digest, shown, order), sample) ?? '';
            return readingOf({ order, sample, cached: false }, { text, refused: false });
          }),
        ),
      ),
    );
    return judgeRow(own, their, settle(candidate, other) === 'judged' ? said : [], rules.max_answer_chars);
  });
}
