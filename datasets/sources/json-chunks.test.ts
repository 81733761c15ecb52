import { describe, expect, it } from 'vitest';
import { createRandom } from './synthetic-random.ts';
import { recordsOf } from './synthetic-source.ts';

const path = 'a.json';

async function fieldsOf(content: string, pieceBytes = 65_536): Promise<unknown[]> {
  const { records } = await recordsOf(content, { path }, { pieceBytes, chunkBytes: 50 });
  return records.map((record) => ('fields' in record ? record.fields : record));
}

describe('a JSON document', () => {
  const rows = [
    { a: 'x\n"]}', b: [1, { c: [] }] },
    { a: '\\', b: {} },
    { a: '[{', b: null },
  ];

  it.each([
    ['a list', rows],
    [
      'an object with a list',
      { version: '1.0', columns: ['a', 'b'], empty: [], meta: { rows: [{}] }, data: rows, n: -1.5 },
    ],
  ])('that is %s gives its rows, however it is written', async (_, document) => {
    for (const text of [
      JSON.stringify(document),
      JSON.stringify(document, undefined, 2),
      JSON.stringify(document, undefined, '\r\n'),
    ]) {
      for (const pieceBytes of [1, 7, 1000]) {
        expect(await fieldsOf(text, pieceBytes)).toEqual(rows);
      }
    }
  });

  it('gives what JSON.parse gives', async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = createRandom(seed);
      const value = (depth: number): unknown => {
        const kind = Math.floor(random() * (depth > 4 ? 4 : 6));
        const some = (): number[] => Array.from({ length: random() * 4 }, () => 0);
        return [
          () => random() * 100 - 50,
          () => ['', 'a,b', '"', '\\"', '}]', '\n', 'ü'][Math.floor(random() * 7)],
          () => null,
          () => random() < 0.5,
          () => some().map(() => value(depth + 1)),
          () => Object.fromEntries(some().map((_, index) => [`k${index}`, value(depth + 1)])),
        ][kind]?.();
      };
      const document = Array.from({ length: 20 }, () => ({ v: value(0) }));
      const text = JSON.stringify(document, undefined, seed % 3);
      expect(await fieldsOf(text, 1 + (seed % 90))).toEqual(document);
    }
  });

  it('counts rows as lines', async () => {
    const { records } = await recordsOf('[\n{"a":1},\n\n{"a":2}\n]', { path });
    expect(records.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('with one object a line is taken for JSON Lines', async () => {
    const { records, facts } = await recordsOf('{"a":1}\n{"a":2}\n', { path });
    expect(records).toHaveLength(2);
    expect(facts?.format).toBe('jsonl');
  });

  it('lists items that are no objects or too large, when such are dropped', async () => {
    const content = `[1, "x", null, [2], {"a":"${'x'.repeat(1_100_000)}"}, {"a":1}, {"a":[1}}]`;
    expect((await recordsOf(content, { path }, { malformed: 'drop' })).records).toEqual([
      ...[1, 2, 3, 4].map((line) => ({ line, problem: 'is not a JSON object' })),
      { line: 5, problem: 'is larger than 1 MiB' },
      { line: 6, fields: { a: 1 } },
      { line: 7, problem: 'is not valid JSON' },
    ]);
    await expect(recordsOf(content, { path })).rejects.toMatchObject({ where: 'a.json:1' });
  });

  it('takes a row nested 400,000 deep for a malformed one', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const { records } = await recordsOf(`[{"a":${deep}},{"a":1}]`, { path }, { malformed: 'drop' });
    expect(records).toEqual([
      { line: 1, problem: 'holds values nested more than 100 deep' },
      { line: 2, fields: { a: 1 } },
    ]);
  });

  it.each([
    ['is cut off within a row', '[{"a":1},{"a"', 'the JSON document is cut off'],
    ['is cut off between rows', '[{"a":1},', 'the JSON document is cut off'],
    ['is cut off behind the rows', '{"data":[{"a":1}]', 'the JSON document is cut off'],
    ['lacks a comma', '[{"a":1} {"a":2}]', 'the JSON document is broken in front of row 2'],
    ['has a comma too many', '[{"a":1},]', 'the JSON document is broken in front of row 2'],
    ['goes on behind its end', '[{"a":1}] {}', 'something follows the JSON document'],
    ['is a text', '"text"', 'the file is neither a JSON list nor a JSON object'],
    ['is one object', '{"a":{"b":1}}', 'the JSON object has no member that is a list of objects'],
    ['has two lists of objects', '{"a":[{}],"b":[{}]}', 'the JSON object has more than one list of objects'],
    ['has no rows', ' [ ] ', 'the file has no rows'],
    ['has bare line breaks in texts', '[{"a":"x\ny"}]', 'the line is not valid JSON'],
  ])('that %s is an error', async (_, content, message) => {
    await expect(fieldsOf(content)).rejects.toThrow(message);
    await expect(fieldsOf(content, 1)).rejects.toThrow(message);
  });
});
