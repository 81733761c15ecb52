// Random rows of every kind for the tests of export: plain, conversations, tools, weights, worse answers.
import { datasetRowSchema, type DatasetRow } from '../../domain/dataset.ts';
import { createMapper } from '../shapes/create-mapper.ts';
import { rowContent } from '../row-content.ts';
import { validateRow } from '../validate-row.ts';

type Fields = Readonly<Record<string, unknown>>;

const limits = { maxInputChars: 100_000, groupNeeded: false };

/** What survives of a row: all but its id and origin. */
export function contentOf(fields: Fields, mapper: ReturnType<typeof createMapper>): object {
  const mapped = mapper(fields);
  const valid = 'rule' in mapped ? mapped : validateRow(mapped, limits);
  if ('rule' in valid) {
    throw new Error(`a synthetic record was dropped: ${valid.rule} ${valid.detail ?? ''}`);
  }
  const { time, tags } = valid;
  return { ...rowContent(valid), ...(time === undefined ? {} : { time }), ...(tags === undefined ? {} : { tags }) };
}

export interface SyntheticKind {
  readonly conversation?: boolean;
  readonly tools?: boolean;
  readonly weights?: boolean;
  readonly rejected?: boolean;
  readonly sides?: boolean;
}

/** Rows as curation makes them of conversations; the same seed gives the same rows. */
export function syntheticRows(seed: number, count: number, kind: SyntheticKind): DatasetRow[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, index): DatasetRow => {
    const fields = { ...syntheticFields(random, kind), group: `g${index % 3}`, time: 1_700_000_000 + index };
    const tagged = { ...fields, tag: text(random) };
    const sides = kind.sides === true ? { group: 'group', time: 'time', tags: { 'a b': 'tag' } } : {};
    const map = { ...sides, ...(kind.rejected === true ? { rejected: 'rejected' } : {}) };
    const content = contentOf(tagged, createMapper({ shape: 'messages', map }, tagged));
    return datasetRowSchema.parse({ ...content, id: `r${index}`, origin: { file: 'synthetic', line: index + 1 } });
  });
}

function syntheticFields(random: () => number, kind: SyntheticKind): Fields {
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
  const call = (id: string): object => ({
    id,
    function: { name: 'look', arguments: { q: text(random), n: random(), deep: [{ x: null }] } },
  });
  const turns: object[] = [];
  if (kind.conversation === true && random() < 0.5) {
    turns.push({ role: 'system', content: text(random) });
  }
  const rounds = kind.conversation === true ? Math.floor(random() * 3) : 0;
  for (let round = 0; round < rounds; round += 1) {
    turns.push({ role: 'user', content: text(random) });
    if (kind.tools === true && random() < 0.6) {
      const ids = [`x${round}`, `y${round}`];
      turns.push({ role: 'assistant', tool_calls: ids.map(call) });
      turns.push(...ids.map((id) => ({ role: 'tool', tool_call_id: id, content: text(random) })));
    }
    const weight = kind.weights === true && random() < 0.5 ? { weight: 1 } : {};
    turns.push({ role: 'assistant', content: text(random), ...weight });
  }
  turns.push({ role: 'user', content: text(random) });
  const calls = kind.tools === true && random() < 0.5;
  turns.push(calls ? { role: 'assistant', tool_calls: [call('z')] } : { role: 'assistant', content: text(random) });
  return { messages: turns, ...(kind.tools === true ? { tools } : {}), rejected: `worse ${text(random)}` };
}

const pieces = [
  '=1+1',
  '"',
  ',',
  '\t',
  '\n',
  '\r\n',
  'é',
  'e\u0301',
  '😀',
  '{"a":1}',
  '[',
  '-',
  '@x',
  'word',
  ' ',
  "'",
  '\\',
  ';',
];

/** Never empty: it begins and ends with a letter. */
function text(random: () => number): string {
  const inner = Array.from({ length: Math.floor(random() * 8) }, () => pieces[Math.floor(random() * pieces.length)]);
  return `${random() < 0.3 ? '=' : 'a'}${inner.join('')}z`;
}

/** Numbers from 0 to 1: a linear congruential generator with the constants of Numerical Recipes. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
