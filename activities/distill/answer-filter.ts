// Which answers of a teacher become rows.
import { callsText } from '../../domain/conversation.ts';
import type { DistillRecipe } from '../../domain/recipe-distill.ts';
import { answerPattern, patternChars } from '../../datasets/answer-pattern.ts';
import type { TeacherAnswer } from '../../datasets/engine/teacher-answer.ts';
import type { KeptAnswer } from '../asking/kept-answer.ts';

export type AnswerFilter = (answer: KeptAnswer) => TeacherAnswer;

/**
 * Keeps what fits `keep`; details of the others hold figures, never text. `where` is the place of the block in the
 * recipe. Throws BadInput for a pattern that is no regular expression or could take long on some answer.
 */
export function createAnswerFilter(
  { keep, max_tokens: maxTokens }: Pick<DistillRecipe, 'keep' | 'max_tokens'>,
  unicode: 'nfc' | 'nfkc',
  where: string,
): AnswerFilter {
  const form = unicode === 'nfkc' ? 'NFKC' : 'NFC';
  const normal = (text: string): string => text.replaceAll(/\r\n?/gu, '\n').normalize(form).trim();
  const labels = keep.labels === undefined ? undefined : new Set(keep.labels.map(normal));
  const pattern = keep.pattern === undefined ? undefined : answerPattern(keep.pattern, where);

  function problemOf(text: string, { refused, finish }: KeptAnswer): string | undefined {
    if (refused) {
      return 'the teacher refused to answer';
    }
    if (finish === 'length') {
      return `cut off at max_tokens ${maxTokens}`;
    }
    if (text === '') {
      return 'the answer is empty';
    }
    if (keep.max_chars !== undefined && text.length > keep.max_chars && Array.from(text).length > keep.max_chars) {
      return `longer than keep.max_chars ${keep.max_chars}`;
    }
    if (labels?.has(text) === false) {
      return 'none of keep.labels';
    }
    if (pattern === undefined) {
      return undefined;
    }
    return text.length > patternChars
      ? `longer than the ${patternChars} characters on which keep.pattern is tried`
      : pattern.test(text)
        ? undefined
        : 'does not match keep.pattern';
  }

  return (answer) => {
    const text = normal(textOf(answer));
    const detail = problemOf(text, answer);
    return detail === undefined ? { kind: 'text', text } : { kind: 'refused', detail };
  };
}

/** The words of an answer, or its tool calls as rows hold them. Arguments that are no JSON object make it no answer. */
function textOf({ text, toolCalls }: KeptAnswer): string {
  if (toolCalls.length === 0) {
    return text;
  }
  const calls = toolCalls.flatMap(({ name, arguments: given }) => {
    const read = objectOf(given);
    return read === undefined ? [] : [{ name, arguments: read }];
  });
  return calls.length === toolCalls.length ? callsText(calls) : '';
}

type Arguments = Parameters<typeof callsText>[0][number]['arguments'];

function objectOf(text: string): Arguments | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON.parse makes nothing but JSON. */
function isObject(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
