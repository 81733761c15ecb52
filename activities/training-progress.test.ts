import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followProgress } from './training-progress.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-progress-'));
  file = join(folder, 'progress.jsonl');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const line = (step: number): string =>
  `${JSON.stringify({
    kind: 'progress',
    step,
    total_steps: 9,
    epoch: 0.5,
    loss: 1.5,
    learning_rate: 0.001,
    tokens: 100,
    tokens_per_second: 10,
    seconds: 1,
    seconds_left: 2,
  })}\n`;

describe('the newest training step', () => {
  it('is nothing before the trainer has written its file', async () => {
    const progress = followProgress(file);
    expect(await progress.latest()).toBeUndefined();
    await writeFile(file, line(1));
    expect(await progress.latest()).toMatchObject({ step: 1, loss: 1.5 });
  });

  it('grows with the file and stays while nothing is added', async () => {
    await writeFile(file, line(1) + line(2));
    const progress = followProgress(file);
    expect(await progress.latest()).toMatchObject({ step: 2 });
    expect(await progress.latest()).toMatchObject({ step: 2 });
    await appendFile(file, line(3));
    expect(await progress.latest()).toMatchObject({ step: 3 });
  });

  it('does not count a line that is half written until its other half is there', async () => {
    const progress = followProgress(file);
    await writeFile(file, line(1) + line(2).slice(0, 40));
    expect(await progress.latest()).toMatchObject({ step: 1 });
    await appendFile(file, line(2).slice(40));
    expect(await progress.latest()).toMatchObject({ step: 2 });
  });

  it('is not hidden by checkpoints, notices and lines that a crash left broken', async () => {
    const others = `{"kind":"checkpoint","step":2,"path":"c"}\n{"kind":"notice","message":"ä"}\n{"kind":"prog\n`;
    await writeFile(file, line(2) + others);
    expect(await followProgress(file).latest()).toMatchObject({ step: 2 });
  });

  it('carries no more than the fields of a heartbeat', async () => {
    await writeFile(file, line(1).replace('"kind"', '"text":"a row","kind"'));
    const latest = await followProgress(file).latest();
    expect(Object.keys(latest ?? {})).not.toContain('text');
    expect(Object.keys(latest ?? {})).not.toContain('kind');
  });
});
