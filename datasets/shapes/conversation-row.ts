// From the turns of a conversation to a row: the last turn is the answer, what comes before it is the question.
import { callsText, transcript } from '../../domain/conversation.ts';
import type { Turn } from '../../domain/dataset.ts';
import type { Tool } from '../../domain/suite.ts';
import { numberCalls } from './number-calls.ts';
import { turnsProblem } from './turns-problem.ts';

/** Question and answer of a conversation. `messages` is absent where the question is a single user turn. */
export interface Conversation {
  readonly input: string;
  readonly output: string;
  readonly messages?: readonly Turn[];
  readonly tools?: readonly Tool[];
}

/**
 * `asked` is true where only the question counts, because somebody else will answer it: an answer at the end is then
 * left out. A text says what is wrong with the conversation.
 */
export function conversationRow(
  turns: readonly Turn[],
  tools: readonly Tool[] | undefined,
  asked: boolean,
): Conversation | string {
  const last = turns.at(-1);
  const answered = last?.role === 'assistant';
  const before = answered ? turns.slice(0, -1) : turns;
  const problem = turnsProblem(before);
  if (problem !== undefined) {
    return problem;
  }
  const output = asked ? '' : answerOf(last, turns.length);
  if (typeof output !== 'string') {
    return output.problem;
  }
  const strange =
    tools === undefined ? undefined : last?.calls?.find(({ name }) => !tools.some((tool) => tool.name === name));
  if (strange !== undefined && !asked) {
    return 'the answer calls a function that is not among the tools';
  }
  const [only] = before;
  const question =
    before.length === 1 && only !== undefined
      ? { input: only.content, output }
      : { input: transcript(before), output, messages: numberCalls(before.map(withoutIdleWeight)) };
  return tools === undefined ? question : { ...question, tools };
}

/** The text of an answering turn, its calls as JSON text; otherwise what is wrong with it. */
export function answerOf(turn: Turn | undefined, place: number): string | { readonly problem: string } {
  if (turn?.role !== 'assistant') {
    return { problem: turn === undefined ? 'has no turns' : `turn ${place} (${turn.role}) is the last, and no answer` };
  }
  if (turn.weight !== undefined && turn.weight !== 1) {
    return { problem: `turn ${place}, the answer, has the weight ${turn.weight}, and only 1 can be learnt` };
  }
  if (turn.calls === undefined) {
    return turn.content.trim() === '' ? { problem: `turn ${place}, the answer, is empty` } : turn.content;
  }
  return turn.content.trim() === ''
    ? callsText(turn.calls)
    : { problem: `turn ${place}, the answer, has text beside its tool calls` };
}

/** Absent and 0 mean the same, and are to give the same row. */
function withoutIdleWeight(turn: Turn): Turn {
  if (turn.weight !== 0) {
    return turn;
  }
  const { weight: _weight, ...rest } = turn;
  return rest;
}
