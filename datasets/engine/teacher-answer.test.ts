import { afterEach, describe, expect, it } from 'vitest';
import { datasetSchema } from '../../domain/recipe-dataset.ts';
import { curate, type Curation } from '../curate.ts';
import { loadRows } from '../load-rows.ts';
import type { TeacherAnswer } from './teacher-answer.ts';

const dataset = datasetSchema.parse({
  sources: [
    {
      path: 'questions.csv',
      map: { input: 'text' },
      distill: { teacher: { provider: 'openai', model: 'big' }, prompt: {}, terms: 'own' },
    },
  ],
  curate: { split: { train: 2, validation: 0, test: 1 }, dedupe: { near: false } },
});
// The second record spans two lines.
const csv = 'text\none\n"two\nlines"\n""\nthree\nfour\n';

let curation: Curation | undefined;
afterEach(async () => await curation?.remove());

async function curatedWith(answers: readonly TeacherAnswer[], threads = 0): Promise<Curation> {
  curation = await curate({
    name: 'taught',
    dataset,
    threads,
    files: [
      {
        path: 'questions.csv',
        source: 0,
        bytes: Buffer.byteLength(csv),
        open: () => each([Buffer.from(csv)]),
        answers: () => each(answers),
      },
    ],
  });
  return curation;
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) {
    yield await Promise.resolve(item);
  }
}

const text = (said: string): TeacherAnswer => ({ kind: 'text', text: said });
const given = [text('1'), text('2'), text('lost'), text('3'), { kind: 'refused', detail: 'too long' } as const];

describe('answers of a teacher', () => {
  it.each([0, 2])(
    'become outputs, and rows and drops name file and line of the input (%i threads)',
    async (threads) => {
      const { splits, dropped } = await loadRows(await curatedWith(given, threads));
      const rows = [...splits.train, ...splits.test]
        .map(({ input, output, origin }) => [input, output, origin.line] as const)
        .toSorted(([left], [right]) => (left < right ? -1 : 1));
      expect(rows).toEqual([
        ['one', '1', 2],
        ['three', '3', 6],
        ['two\nlines', '2', 3],
      ]);
      expect(dropped).toEqual([
        { origin: { file: 'questions.csv', line: 5 }, rule: 'empty_input' },
        { origin: { file: 'questions.csv', line: 7 }, rule: 'teacher_refused', detail: 'too long' },
      ]);
      expect(curation?.read).toBe(5);
    },
  );

  it('may be awaited, and count as empty ones then', async () => {
    const { splits } = await loadRows(await curatedWith(given.map(() => ({ kind: 'awaited' }))));
    expect([...splits.train, ...splits.test].map(({ output }) => output)).toEqual(['', '', '']);
  });

  it.each([
    ['more', given.slice(1)],
    ['fewer', [...given, text('5')]],
  ])('to another file are no answers: it has %s records', async (how, answers) => {
    await expect(curatedWith(answers)).rejects.toThrow(`${how} records than were asked`);
  });
});
