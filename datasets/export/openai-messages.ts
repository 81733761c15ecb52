// Turns in OpenAI's form, as its fine-tuning takes them.
import type { DatasetRow, Turn } from '../../domain/dataset.ts';
import type { Tool } from '../../domain/suite.ts';
import { answerCalls } from './answer-calls.ts';

type Calls = NonNullable<Turn['calls']>;

/**
 * The turns before the answer. OpenAI learns every assistant turn whose weight is not 0, so turns without a weight
 * get the 0 that they mean here.
 */
export function questionMessages({ input, messages }: Pick<DatasetRow, 'input' | 'messages'>): object[] {
  if (messages === undefined) {
    return [{ role: 'user', content: input }];
  }
  return messages.map(({ role, content, calls, call_id: callId, weight }) => {
    switch (role) {
      case 'system':
      case 'user':
        return { role, content };
      case 'tool':
        return { role, tool_call_id: callId, content };
      case 'assistant':
        return {
          role,
          content: calls === undefined ? content : content || null,
          ...called(calls),
          weight: weight ?? 0,
        };
      default:
        return role satisfies never;
    }
  });
}

/** The turn of an answer; calls of the tools become calls again. */
export function answerMessage(answer: string, tools: readonly Tool[] | undefined): object {
  const calls = answerCalls(answer, tools);
  return calls === undefined
    ? { role: 'assistant', content: answer }
    : { role: 'assistant', content: null, ...called(calls) };
}

export function openaiTools(tools: readonly Tool[] | undefined): { readonly tools?: object[] } {
  return tools === undefined ? {} : { tools: tools.map((tool) => ({ type: 'function', function: tool })) };
}

function called(calls: Calls | undefined): { readonly tool_calls?: object[] } {
  return calls === undefined
    ? {}
    : {
        tool_calls: calls.map(({ id, name, arguments: given }, index) => ({
          id: id ?? `call_${index + 1}`,
          type: 'function',
          function: { name, arguments: JSON.stringify(given) },
        })),
      };
}

/** Why turns cannot be written in OpenAI's form, where every result names its call. */
export function openaiProblem({ messages = [] }: Pick<DatasetRow, 'messages'>): string | undefined {
  const nameless = messages.some(
    ({ role, calls, call_id: callId }) =>
      (role === 'tool' && callId === undefined) || calls?.some(({ id }) => id === undefined) === true,
  );
  return nameless ? 'a tool call without a result of its own' : undefined;
}
