// The turns of a conversation as chat interfaces write them: `{role, content, tool_calls, …}`.
import type { Turn } from '../../domain/dataset.ts';
import { isRecord } from './bounded-value.ts';
import { readCalls } from './read-calls.ts';

/** Longer conversations are taken for broken records. */
const maxTurns = 2000;

const roles: ReadonlyMap<unknown, Turn['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/**
 * Messages in OpenAI's form, also with the older `function_call` and role `function`. `name`, `audio` and whatever
 * else a message holds is left aside. A text says what is wrong with which message; `at` is what the list is called.
 */
export function readTurns(messages: unknown, at: string): Turn[] | string {
  if (!Array.isArray(messages)) {
    return `${at} is no array`;
  }
  if (messages.length > maxTurns) {
    return `${at} has more than ${maxTurns} turns`;
  }
  const turns: Turn[] = [];
  for (let index = 0; index < messages.length; index += 1) {
    const turn = readTurn(messages[index], at, index);
    if (typeof turn === 'string') {
      return turn;
    }
    turns.push(turn);
  }
  return turns;
}

function readTurn(message: unknown, list: string, index: number): Turn | string {
  if (!isRecord(message)) {
    return `${list}[${index}] is no object`;
  }
  const role = roles.get(message['role']);
  if (role === undefined) {
    return `${list}[${index}] has ${unknownRole(message['role'])}`;
  }
  const content = readContent(message['content']);
  if (content === undefined) {
    return `${list}[${index}] has content that is not text`;
  }
  const turn: Turn = { role, content };
  const called = calledOf(message);
  if (called !== undefined) {
    const calls = role === 'assistant' ? readCalls(called, `${list}[${index}].tool_calls`) : 'calls';
    if (typeof calls === 'string') {
      return role === 'assistant' ? calls : `${list}[${index}] calls tools and is not the assistant's`;
    }
    if (calls.length > 0) {
      turn.calls = calls;
    }
  }
  const callId = message['tool_call_id'];
  if (role === 'tool' && typeof callId === 'string' && callId !== '') {
    turn.call_id = callId;
  }
  const weight = readWeight(message['weight'], role);
  if (typeof weight === 'string') {
    return `${list}[${index}] has a weight that ${weight}`;
  }
  // A weight of 0 is what a turn before the answer has anyway; on the answer itself it is a problem.
  if (weight !== undefined) {
    turn.weight = weight;
  }
  return turn;
}

function calledOf(message: Readonly<Record<string, unknown>>): unknown {
  const calls = message['tool_calls'] ?? undefined;
  return calls === undefined || (Array.isArray(calls) && calls.length === 0)
    ? (message['function_call'] ?? undefined)
    : calls;
}

/** The text of a content: itself, or its text parts, each on a line of its own; null is empty. Undefined for pictures and the like. */
function readContent(content: unknown): string | undefined {
  if (typeof content === 'string') {
    return content;
  }
  if (content === null || content === undefined) {
    return '';
  }
  if (!Array.isArray(content)) {
    return undefined;
  }
  const texts: string[] = [];
  for (const part of content) {
    const text: unknown = isRecord(part) && part['type'] === 'text' ? part['text'] : undefined;
    if (typeof text !== 'string') {
      return undefined;
    }
    texts.push(text);
  }
  return texts.join('\n');
}

/** Undefined when there is none; a text says what is wrong with it. */
export function readWeight(value: unknown, role: Turn['role']): number | undefined | string {
  if (value === undefined || value === null) {
    return undefined;
  }
  const weight = typeof value === 'bigint' ? Number(value) : value;
  if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0) {
    return 'is no number of at least 0';
  }
  return role === 'assistant' ? weight : 'belongs to turns of the assistant only';
}

/** The role itself is shown only where it cannot be text of the row. */
export function unknownRole(role: unknown): string {
  return typeof role === 'string' && /^[A-Za-z_]{1,20}$/u.test(role) ? `the unknown role ${role}` : 'no known role';
}
