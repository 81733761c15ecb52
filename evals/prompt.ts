// What every arm is asked: chat messages from the recipe's prompt, and the examples of a few-shot prompt.
import { BadInput } from '../domain/bad-input.ts';
import type { DatasetRow } from '../domain/dataset.ts';
import type { PromptRecipe } from '../domain/recipe-prompt.ts';
import { createRandom, shuffled } from './statistics/random.ts';

/** One turn of a chat, as OpenAI-compatible endpoints take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * Messages for one row: the system message if there is one, each example as a user and an assistant turn, then
 * the row. `{input}` is replaced literally, whatever the input contains.
 */
export function renderMessages(
  prompt: PromptRecipe,
  input: string,
  shots: readonly { readonly input: string; readonly output: string }[],
): ChatMessage[] {
  const user = (text: string): ChatMessage => ({
    role: 'user',
    content: prompt.user.replaceAll('{input}', () => text),
  });
  const system: ChatMessage[] = prompt.system === undefined ? [] : [{ role: 'system', content: prompt.system }];
  const examples = shots.flatMap((shot): ChatMessage[] => [
    user(shot.input),
    { role: 'assistant', content: shot.output },
  ]);
  return [...system, ...examples, user(input)];
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
