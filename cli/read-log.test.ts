import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../domain/canonical.ts';
import {
  recordedLog,
  recordedPath,
  syntheticInspectHeader,
  syntheticLmEval,
  syntheticPromptfoo,
  syntheticSample,
} from '../evals/imports/synthetic-logs.ts';
import { readLog } from './read-log.ts';
import { syntheticZip } from './synthetic-zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-log-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function file(content: string | Buffer): Promise<string> {
  const path = join(folder, 'log');
  await writeFile(path, content);
  return path;
}

const lines = (...records: object[]): string => records.map((record) => JSON.stringify(record)).join('\n');

describe('a log file', () => {
  it('of inspect_ai packed by Zstandard has the rows of the JSON log', async () => {
    const packed = await readLog(recordedPath('inspect-0.3.285-queues-stub-a.eval'), []);
    const plain = await readLog(recordedPath('inspect-0.3.285-queues-stub-a.json'), []);
    const sorted = (log: typeof packed) => log.arms[0]?.rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
    expect(packed.arms[0]?.rows).toHaveLength(20);
    expect(sorted(packed)).toEqual(sorted(plain));
  });

  it('of inspect_ai keeps a sample that ended in an error as a row without an answer', async () => {
    const { arms } = await readLog(recordedPath('inspect-0.3.285-queues-stub-b.eval'), []);
    const failed = arms[0]?.rows.filter(({ answer }) => answer === null);
    expect(failed?.map(({ id, scores }) => [id, scores])).toEqual([['q14', {}]]);
  });

  it('is known by its content, whatever its name', async () => {
    const path = await file(recordedLog('lm-eval-0.4.13-queues-stub-a.jsonl'));
    const log = await readLog(path, ['label']);
    expect(log.arms.map(({ tool, rows }) => [tool, rows.length, rows[0]?.fields])).toEqual([
      ['lm-eval', 20, { label: 'card' }],
    ]);
    expect(log.sha256).toBe(sha256(recordedLog('lm-eval-0.4.13-queues-stub-a.jsonl')));
  });

  it('may begin with a byte order mark, have blank lines, and separators inside its texts', async () => {
    const record = syntheticLmEval(0, 1, { filtered_resps: ['a\u2028b\u0085c'] });
    const path = await file(`\uFEFF${lines(record)}\n\n${lines(syntheticLmEval(1, 0))}\n`);
    const { arms } = await readLog(path, []);
    expect(arms[0]?.rows.map(({ answer }) => answer)).toEqual(['a\u2028b\u0085c', 'card']);
  });

  it.each([
    ['is on one line', 0],
    ['is indented', 2],
  ])('of one JSON document is read when it %s', async (_, indent) => {
    const document = { results: { results: [syntheticPromptfoo('a', true)] } };
    const { arms } = await readLog(await file(JSON.stringify(document, undefined, indent)), []);
    expect(arms[0]?.rows).toHaveLength(1);
  });

  it.each([
    ['is empty', '', 'the file is empty'],
    ['holds other JSON', '{"name": "x"}', 'the file is no log that can be read'],
    ['holds other lines', '{"text": "a"}\n{"text": "b"}', 'the file is no log that can be read'],
    ['is prose', 'Dear reader,\nhello', 'the file is no log that can be read'],
    ['is cut off', JSON.stringify({ results: { results: [] } }, undefined, 2).slice(0, -3), 'this is not valid JSON'],
    [
      'holds a NaN',
      lines(syntheticLmEval(0, 1)).replace('"exact_match":1', '"exact_match":NaN'),
      'there is a NaN or Infinity',
    ],
    [
      'is a ZIP file of something else',
      syntheticZip([{ name: 'a.txt', text: 'a' }]),
      'the file is no log that can be read',
    ],
    [
      'is of an evaluation that was killed',
      syntheticZip([{ name: '_journal/start.json', text: '{}' }]),
      'the evaluation did not finish',
    ],
    ['is of an evaluation without samples', JSON.stringify(syntheticInspectHeader()), 'the log has no samples'],
  ])('is refused when it %s', async (_, content, message) => {
    await expect(readLog(await file(content), [])).rejects.toThrow(message);
  });

  it('names line or entry at fault, and never a value', async () => {
    const path = await file(`${lines(syntheticLmEval(0, 1))}\n{"doc_id": "secret"}`);
    await expect(readLog(path, [])).rejects.toMatchObject({
      where: `${path}:2`,
      message: expect.not.stringContaining('secret'),
    });
    const zip = syntheticZip([
      { name: 'header.json', text: JSON.stringify(syntheticInspectHeader()) },
      { name: 'samples/1_epoch_1.json', text: JSON.stringify(syntheticSample(1, 'C', { epoch: 'secret' })) },
    ]);
    await expect(readLog(await file(zip), [])).rejects.toMatchObject({
      where: `${path}: samples/1_epoch_1.json`,
      message: expect.not.stringContaining('secret'),
    });
  });

  it('is refused when it is not there', async () => {
    await expect(readLog(join(folder, 'missing'), [])).rejects.toThrow('there is no such file');
  });
});
