import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { datasetSchema } from '../domain/recipe-dataset.ts';
import { labelErrorStep } from './label-error-step.ts';

it('reads rows whose texts hold line separators of Unicode, and keeps the beginning of the list', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'label-errors-'));
  const [rows, list] = [join(folder, 'train.jsonl'), join(folder, 'list.jsonl')];
  const lines = Array.from({ length: 200 }, (_, row) => {
    const kind = row % 2 === 0 ? 'card payment terminal' : 'weather rain forecast';
    // Every twentieth row has the label of the others.
    const label = (row % 20 === 0 ? row + 1 : row) % 2 === 0 ? 'payments' : 'weather';
    return JSON.stringify({
      id: `row-${row}`,
      input: `${kind}\u2028number ${row}`,
      output: label,
      origin: { file: 'data.csv', line: row + 2 },
    });
  });
  await writeFile(rows, `${lines.join('\n')}\n`);
  try {
    const settings = datasetSchema.parse({
      sources: [{ path: 'data.csv' }],
      curate: { label_errors: {}, split: { train: 4, validation: 1, test: 1 } },
    });
    const { found, remark } = await labelErrorStep([rows], list, settings.curate);
    expect(remark).toBeUndefined();
    const listed = (await readFile(list, 'utf8')).trimEnd().split('\n');
    expect(found).toMatchObject({ looked: 200, notJudged: 0, count: listed.length });
    const ids = (found?.first ?? []).slice(0, 10).map(({ id }) => Number(id.slice(4)));
    expect(ids.every((row) => row % 20 === 0)).toBe(true);
    expect(new Set(ids).size).toBeGreaterThan(4);
  } finally {
    await rm(folder, { recursive: true });
  }
});
