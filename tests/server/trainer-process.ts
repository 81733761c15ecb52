// Waits for a trainer of the project under test and tells which process it is.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Project } from './project.ts';

/** Job folder of the recipe's trainer, once it has logged at least `steps` steps. Throws after two minutes. */
export async function untilTraining(project: Project, recipeName: string, steps: number): Promise<string> {
  const work = join(project.home, 'work');
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    for (const runKey of await readdir(work).catch(() => [])) {
      const folder = join(work, runKey, 'train');
      const rows = await readFile(join(folder, 'train.jsonl'), 'utf8').catch(() => '');
      const progress = await readFile(join(folder, 'progress.jsonl'), 'utf8').catch(() => '');
      const finished = await readFile(join(folder, 'result.json'), 'utf8').catch(() => undefined);
      if (
        rows.includes(`${recipeName}row`) &&
        finished === undefined &&
        progress.split('"kind": "progress"').length > steps
      ) {
        return folder;
      }
    }
    await sleep(100);
  }
  throw new Error(`no trainer of ${recipeName} got to step ${steps}`);
}

export async function trainerPid(jobFolder: string): Promise<number> {
  const record = JSON.parse(await readFile(join(jobFolder, 'process.json'), 'utf8')) as { pid: number };
  return record.pid;
}

/** True while the process exists and is not just waiting to be reaped. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
}

/** Processes of a recipe's jobs of one kind, for example `serve-language-model`, that have become ready. */
export async function jobPids(project: Project, recipeName: string, kind: string): Promise<number[]> {
  const work = join(project.home, 'work');
  const pids: number[] = [];
  for (const runKey of await readdir(work).catch(() => [])) {
    const rows = await readFile(join(work, runKey, 'train', 'train.jsonl'), 'utf8').catch(() => '');
    const ready = await readFile(join(work, runKey, kind, 'ready.json'), 'utf8').catch(() => undefined);
    if (rows.includes(`${recipeName}row`) && ready !== undefined) {
      pids.push((JSON.parse(ready) as { pid: number }).pid);
    }
  }
  return pids;
}
