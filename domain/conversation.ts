// Conversations as text: what stands for tool calls and their results where only text can stand.
import { canonicalJson } from './canonical.ts';
import type { Turn } from './dataset.ts';

type Call = NonNullable<Turn['calls']>[number];

/** A turn for models and trainers that know text and three roles. */
export interface FlatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Weight in the loss of an assistant turn, where it has one. */
  readonly weight?: number;
}

/** Tool calls as the answer of a row states them: canonical JSON of an array of `{name, arguments}`, without ids. */
export function callsText(calls: readonly Call[]): string {
  return canonicalJson(calls.map(({ name, arguments: given }) => ({ name, arguments: given })));
}

/**
 * The turns as text. Calls become the assistant's text (after its own words and a line break, where it has any). A
 * tool's result becomes a user turn `Tool result (name): …`; results that follow one another, as those of parallel
 * calls do, share a user turn, since many chat templates refuse two user turns in a row.
 */
export function flatTurns(turns: readonly Turn[]): FlatTurn[] {
  const flat: FlatTurn[] = [];
  let open: readonly Call[] = [];
  let answered = 0;
  for (const [index, { role, content, calls, call_id: callId, weight }] of turns.entries()) {
    if (role === 'tool') {
      const call = open.find(({ id }) => id !== undefined && id === callId) ?? open[answered];
      answered += 1;
      const result = `Tool result${call === undefined ? '' : ` (${call.name})`}: ${content}`;
      const before = turns[index - 1]?.role === 'tool' ? flat.pop() : undefined;
      flat.push({ role: 'user', content: before === undefined ? result : `${before.content}\n\n${result}` });
      continue;
    }
    open = calls ?? [];
    answered = 0;
    const said = open.length === 0 ? content : [content, callsText(open)].filter((text) => text !== '').join('\n');
    flat.push({ role, content: said, ...(weight === undefined ? {} : { weight }) });
  }
  return flat;
}

/**
 * The text of a conversation without its system turn, by which rows are compared, measured and shown. A lone user
 * turn is its content and nothing else; otherwise every turn names who speaks.
 */
export function transcript(turns: readonly Turn[]): string {
  const [only, ...more] = turns.filter(({ role }) => role !== 'system');
  if (only === undefined || (more.length === 0 && only.role === 'user')) {
    return only?.content ?? '';
  }
  return flatTurns([only, ...more])
    .map(({ role, content }) => `${speakers[role]}: ${content}`)
    .join('\n\n');
}

const speakers = { system: 'System', user: 'User', assistant: 'Assistant' } as const;
