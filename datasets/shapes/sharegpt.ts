// Shape `sharegpt`: `{conversations: [{from, value}], system?, tools?}`.
import type { Turn } from '../../domain/dataset.ts';
import { isRecord, structured } from './bounded-value.ts';
import { conversationRow } from './conversation-row.ts';
import { readCalls, readTools } from './read-calls.ts';
import { readWeight, unknownRole } from './read-turns.ts';
import { badConversation, rowOrDrop, type ShapeOptions, type ShapeReader } from './shape-row.ts';

/** Longer conversations are taken for broken records. */
const maxTurns = 2000;

const speakers: ReadonlyMap<unknown, Turn['role'] | 'call'> = new Map([
  ...['human', 'user', 'prompter'].map((name) => [name, 'user'] as const),
  ...['gpt', 'assistant', 'chatgpt', 'bing', 'bard', 'claude', 'model'].map((name) => [name, 'assistant'] as const),
  ...['tool', 'observation', 'function', 'function_response', 'tool_response', 'ipython'].map(
    (name) => [name, 'tool'] as const,
  ),
  ...['function_call', 'tool_call'].map((name) => [name, 'call'] as const),
  ['system', 'system'],
]);

export function sharegptReader({ asked }: ShapeOptions): ShapeReader {
  return (fields) => {
    const turns = readConversation(structured(fields['conversations']), fields['system']);
    if (typeof turns === 'string') {
      return badConversation(turns);
    }
    const tools = readTools(fields['tools']);
    return typeof tools === 'string' ? badConversation(tools) : rowOrDrop(conversationRow(turns, tools, asked));
  };
}

function readConversation(list: unknown, system: unknown): Turn[] | string {
  if (!Array.isArray(list) || list.length > maxTurns) {
    return Array.isArray(list) ? `conversations has more than ${maxTurns} turns` : 'conversations is no array';
  }
  const turns: Turn[] = [];
  if (typeof system === 'string' && system.trim() !== '') {
    turns.push({ role: 'system', content: system });
  }
  for (let index = 0; index < list.length; index += 1) {
    const turn = readTurn(list[index], `conversations[${index}]`);
    if (typeof turn === 'string') {
      return turn;
    }
    turns.push(turn);
  }
  return turns;
}

function readTurn(item: unknown, at: string): Turn | string {
  if (!isRecord(item)) {
    return `${at} is no object`;
  }
  const from = item['from'] ?? item['role'];
  const speaker = speakers.get(from);
  if (speaker === undefined) {
    return `${at} has ${unknownRole(from)}`;
  }
  const value = item['value'] ?? item['content'] ?? '';
  if (typeof value !== 'string') {
    return `${at} has a value that is not text`;
  }
  const role = speaker === 'call' ? 'assistant' : speaker;
  const weight = readWeight(item['weight'], role);
  if (typeof weight === 'string') {
    return `${at} has a weight that ${weight}`;
  }
  const turn: Turn = { role, content: speaker === 'call' ? '' : value };
  if (speaker === 'call') {
    const calls = readCalls(structured(value), at);
    if (typeof calls === 'string' || calls.length === 0) {
      return typeof calls === 'string' ? calls : `${at} calls nothing`;
    }
    turn.calls = calls;
  }
  if (weight !== undefined) {
    turn.weight = weight;
  }
  return turn;
}
