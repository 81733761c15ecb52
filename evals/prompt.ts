// What every arm is asked: chat messages from the recipe's prompt, and the examples of a few-shot prompt.
import { BadInput } from '../domain/bad-input.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { flatTurns } from '../domain/conversation.ts';
import type { DatasetRow } from '../domain/dataset.ts';
import type { PromptRecipe } from '../domain/recipe-prompt.ts';
import type { Tool } from '../domain/suite.ts';
import { createRandom, shuffled } from './statistics/random.ts';

/** One turn of a chat, as OpenAI-compatible endpoints take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A turn as the trainer reads it. */
export interface LearntMessage extends ChatMessage {
  /** Weight in the loss; without any in a conversation, the answer alone is learnt. */
  readonly weight?: number;
}

/** What of a row is asked. */
export type AskedRow = Pick<DatasetRow, 'input' | 'messages'>;

/**
 * Messages for one row: the system message if there is one, each example as a user and an assistant turn, then the
 * row. `{input}` is replaced literally, whatever the input contains. A conversation keeps its own turns, as text, and
 * its own system message instead of the prompt's; `prompt.user` is for rows without one. `told` are tools for a
 * model that takes none beside its messages: the system message then ends with them.
 */
export function renderMessages(
  prompt: PromptRecipe,
  row: AskedRow,
  shots: readonly (AskedRow & { readonly output: string })[],
  told?: readonly Tool[],
): ChatMessage[] {
  return renderTurns(prompt, row, shots, told).map(({ role, content }) => ({ role, content }));
}

/**
 * The messages of a training row: as our server is asked without examples, with the weights of its turns, then the
 * answer. `tools` are those of rows without their own.
 */
export function learntMessages(
  prompt: PromptRecipe,
  row: AskedRow & Pick<DatasetRow, 'output' | 'tools'>,
  tools?: readonly Tool[],
): LearntMessage[] {
  return [...renderTurns(prompt, row, [], row.tools ?? tools), { role: 'assistant', content: row.output }];
}

function renderTurns(
  prompt: PromptRecipe,
  row: AskedRow,
  shots: readonly (AskedRow & { readonly output: string })[],
  told: readonly Tool[] | undefined,
): LearntMessage[] {
  const turns = turnsOf(prompt, row);
  const own = turns[0]?.role === 'system' ? turns.slice(0, 1) : [];
  const system = [own[0]?.content ?? prompt.system, told === undefined ? undefined : toolsText(told)]
    .filter((text) => text !== undefined)
    .join('\n\n');
  const examples = shots.flatMap((shot): LearntMessage[] => [
    ...turnsOf(prompt, shot)
      .filter(({ role }) => role !== 'system')
      .map(({ role, content }) => ({ role, content })),
    { role: 'assistant', content: shot.output },
  ]);
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...examples,
    ...turns.slice(own.length),
  ];
}

function toolsText(tools: readonly Tool[]): string {
  return `Functions that you may call:\n${canonicalJson(tools)}\nTo call them, answer with a JSON array of {"name", "arguments"} and nothing else.`;
}

function turnsOf(prompt: PromptRecipe, { input, messages }: AskedRow): LearntMessage[] {
  return messages === undefined
    ? [{ role: 'user', content: prompt.user.replaceAll('{input}', () => input) }]
    : flatTurns(messages);
}

/**
 * Chooses `count` examples from training rows. Depends on the rows' ids and the seed alone, not on their order.
 * No label comes twice before every label has come once.
 */
export function pickShots(rows: readonly DatasetRow[], count: number, seed: number): DatasetRow[] {
  if (count > rows.length) {
    throw new BadInput(`${count} few-shot examples are asked for, but there are ${rows.length} training rows`, {
      where: 'evaluate.arms.few_shot',
      hint: 'Ask for fewer examples or give more training rows.',
    });
  }
  const ordered = rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const byLabel = Map.groupBy(shuffled(ordered, createRandom(seed)), (row) => row.output);
  const rounds = [...byLabel.values()].flatMap((group) => group.map((row, round) => ({ row, round })));
  return rounds
    .toSorted((left, right) => left.round - right.round)
    .slice(0, count)
    .map(({ row }) => row);
}
