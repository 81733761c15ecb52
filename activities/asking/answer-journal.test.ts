import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './answer-journal.ts';
import { keptAnswerSchema } from './kept-answer.ts';

const answer = keptAnswerSchema.parse({
  text: 'blue',
  promptTokens: 7,
  completionTokens: 2,
  finish: 'stop',
  latencyMs: 12.5,
  paidBy: 'run-1',
});
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'answers', 'shard.jsonl');
});
afterEach(async () => await rm(folder, { recursive: true }));

describe('the journal of a shard', () => {
  it('has what a process wrote that never closed it', async () => {
    (await openJournal(path)).append('r1', answer);
    expect((await openJournal(path)).get('r1')).toEqual(answer);
  });

  it('is there before the answer is used, readable by its owner alone', async () => {
    const journal = await openJournal(path);
    journal.append('r1', answer);
    expect(await readFile(path, 'utf8')).toContain('"blue"');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('passes over a line that was cut off, and does not spoil the next one', async () => {
    (await openJournal(path)).append('r1', answer);
    await writeFile(path, `${await readFile(path, 'utf8')}{"request":"r2","answ`);
    const second = await openJournal(path);
    expect([second.get('r1'), second.get('r2')]).toEqual([answer, undefined]);
    second.append('r3', { ...answer, text: 'green' });
    expect((await openJournal(path)).get('r3')?.text).toBe('green');
  });

  it('goes when its answers are stored elsewhere, and stays otherwise', async () => {
    const journal = await openJournal(path);
    journal.append('r1', answer);
    await journal.close('kept');
    expect((await openJournal(path)).get('r1')).toEqual(answer);
    await journal.close('stored');
    expect((await openJournal(path)).get('r1')).toBeUndefined();
  });

  it('makes no file for a shard that asks nothing', async () => {
    await (await openJournal(path)).close('stored');
    await expect(stat(join(folder, 'answers'))).rejects.toThrow('ENOENT');
  });
});
