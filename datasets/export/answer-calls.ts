// Whether an answer is tool calls, and the calls it makes.
import { callsText } from '../../domain/conversation.ts';
import type { Turn } from '../../domain/dataset.ts';
import type { Tool } from '../../domain/suite.ts';
import { readCalls } from '../shapes/read-calls.ts';
import { structured } from '../shapes/bounded-value.ts';

type Calls = NonNullable<Turn['calls']>;

/**
 * The calls of an answer that is nothing but the canonical text of calls of these tools, so that it reads the same
 * when it comes back; undefined for any other answer.
 */
export function answerCalls(answer: string, tools: readonly Tool[] | undefined): Calls | undefined {
  if (tools === undefined || !answer.startsWith('[{')) {
    return undefined;
  }
  const parsed = structured(answer);
  const calls = Array.isArray(parsed) ? readCalls(parsed, 'answer') : undefined;
  const known =
    typeof calls === 'object' &&
    calls.length > 0 &&
    calls.every(({ name }) => tools.some((tool) => tool.name === name)) &&
    callsText(calls) === answer;
  return known ? calls : undefined;
}
