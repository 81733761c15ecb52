// Guarantee 1: killing the worker in the middle of training loses nothing; the trainer goes on and is adopted.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { coinRows, contender, startContender, writeRecipe } from '../server/project.ts';
import { trainerPid, untilTraining } from '../server/trainer-process.ts';

const project = inject('project');

it(
  'a run whose worker is killed during training finishes with the same trainer process',
  { timeout: 240_000 },
  async () => {
    const recipe = await writeRecipe(project, 'killed', coinRows('killed', 220, 3), (draft) => {
      draft.train['num_epochs'] = 60;
    });
    const run = startContender(project, ['run', recipe, '--json']);
    const jobFolder = await untilTraining(project, 'killed', 3);
    const trainer = await trainerPid(jobFolder);

    const worker = JSON.parse(
      await readFile(join(project.home, 'services', 'worker-gpu-local', 'process.json'), 'utf8'),
    ) as { pid: number };
    process.kill(worker.pid, 'SIGKILL');
    await sleep(500);
    // The trainer does not notice, and `up` brings a new worker.
    expect(() => process.kill(trainer, 0)).not.toThrow();
    expect((await contender(project, ['up'])).exitCode).toBe(0);
    expect(await trainerPid(jobFolder)).toBe(trainer);

    const { stdout, exitCode } = await run;
    expect([0, 3, 4]).toContain(exitCode);
    const { runKey } = JSON.parse(String(stdout)) as { runKey: string };
    const result = JSON.parse(await readFile(join(project.home, 'store', 'runs', runKey, 'train.json'), 'utf8')) as {
      attempts: number;
      trainer: { resumed_from_step: number | null; steps: number };
    };
    expect(result.attempts).toBe(1);
    expect(result.trainer).toMatchObject({ resumed_from_step: null, steps: 480 });
  },
);
