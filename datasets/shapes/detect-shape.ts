// Tells from the keys of a source's first record how its records hold their conversations.
import { BadInput } from '../../domain/bad-input.ts';
import type { RowShape } from '../../domain/recipe-source.ts';
import type { Fields } from './shape-row.ts';

type Named = Exclude<RowShape, 'columns'>;

/** Any of the lists must be there as a whole. More telling shapes first: a preference set may also hold `messages`. */
const signs: readonly (readonly [Named, readonly (readonly string[])[]])[] = [
  [
    'gateway_log',
    [
      ['request', 'response'],
      ['messages', 'response'],
      ['body', 'response'],
    ],
  ],
  [
    'preference',
    [
      ['chosen', 'rejected'],
      ['input', 'preferred_output', 'non_preferred_output'],
    ],
  ],
  ['messages', [['messages']]],
  ['sharegpt', [['conversations']]],
  ['alpaca', [['instruction', 'output']]],
  [
    'prompt_completion',
    [
      ['prompt', 'completion'],
      ['prompt', 'response'],
    ],
  ],
];

/** Members that a question alone is known by, where a teacher will answer it. */
const questionSigns: readonly (readonly [Named, string])[] = [
  ['alpaca', 'instruction'],
  ['prompt_completion', 'prompt'],
];

/** Throws BadInput, with the keys found and the shapes known, when none fits. `asked`: only the question must be there. */
export function detectShape(first: Fields, where: string, asked: boolean): Named {
  const found =
    signs.find(([, lists]) => lists.some((keys) => hasAll(first, keys)))?.[0] ??
    (asked ? questionSigns.find(([, key]) => Object.hasOwn(first, key))?.[0] : undefined);
  if (found === undefined) {
    throw new BadInput(`the shape of the rows cannot be told from the keys ${shown(Object.keys(first))}`, {
      where,
      hint: `Name the columns with \`map: {input: …, output: …}\`. Known without a map: ${signs.map(([shape, lists]) => `${shape} (${alternatives(lists)})`).join('; ')}.`,
    });
  }
  return found;
}

/** Throws BadInput when the first record lacks what the shape that the recipe states is made of. */
export function requireShape(shape: Named, first: Fields, where: string, asked: boolean): void {
  const lists = signs.find(([name]) => name === shape)?.[1] ?? [];
  const question = asked && questionSigns.some(([name, key]) => name === shape && Object.hasOwn(first, key));
  if (!question && !lists.some((keys) => hasAll(first, keys))) {
    throw new BadInput(`the first record is not of the shape ${shape}: it has the keys ${shown(Object.keys(first))}`, {
      where,
      hint: `${shape} needs ${alternatives(lists)}.`,
    });
  }
}

function hasAll(fields: Fields, keys: readonly string[]): boolean {
  return keys.every((key) => Object.hasOwn(fields, key));
}

function alternatives(lists: readonly (readonly string[])[]): string {
  return lists.map((keys) => keys.join(' + ')).join(' or ');
}

function shown(keys: readonly string[]): string {
  const names = keys.slice(0, 30).map((key) => JSON.stringify(key.slice(0, 60)));
  return `${names.join(', ')}${keys.length > names.length ? `, and ${keys.length - names.length} more` : ''}`;
}
