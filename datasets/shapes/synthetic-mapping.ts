// A record as its source's first, and the parts that conversations in tests are made of.
import { createMapper, type MappedSource } from './create-mapper.ts';

/** The row of a record that is its source's first, without its undefined members. */
export function rowOf(fields: Readonly<Record<string, unknown>>, source: Partial<MappedSource> = {}): unknown {
  return JSON.parse(JSON.stringify(createMapper({ map: {}, ...source }, fields)(fields)));
}

export const user = { role: 'user', content: 'Weather in Oslo?' };
export const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
export const weather = {
  type: 'function',
  function: { name: 'weather', description: 'Now.', parameters: { type: 'object' } },
};
