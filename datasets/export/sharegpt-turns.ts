// Turns in ShareGPT's form: results name no call, and follow their calls in order.
import { callsText } from '../../domain/conversation.ts';
import type { DatasetRow, Turn } from '../../domain/dataset.ts';
import { answerCalls } from './answer-calls.ts';

const speakers = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const;

export function sharegptTurns({ input, output, messages, tools }: DatasetRow): object[] {
  const turns: readonly Turn[] = messages ?? [{ role: 'user', content: input }];
  const calls = answerCalls(output, tools);
  return [
    ...turns.map((turn) => sharegptTurn(turn)),
    { from: calls === undefined ? 'gpt' : 'function_call', value: output },
  ];
}

function sharegptTurn({ role, content, calls, weight }: Turn): object {
  const said =
    calls === undefined ? { from: speakers[role], value: content } : { from: 'function_call', value: callsText(calls) };
  return weight === undefined ? said : { ...said, weight };
}

/** Why turns cannot be written in ShareGPT's form. */
export function sharegptProblem({ messages = [] }: Pick<DatasetRow, 'messages'>): string | undefined {
  let open: string[] = [];
  for (const { role, content, calls, call_id: callId } of messages) {
    if (calls !== undefined && content !== '') {
      return 'text beside tool calls';
    }
    if (role === 'tool' && callId !== undefined && open.shift() !== callId) {
      return 'tool results in another order than their calls';
    }
    if (role !== 'tool') {
      open = calls?.flatMap(({ id }) => id ?? []) ?? [];
    }
  }
  return undefined;
}
