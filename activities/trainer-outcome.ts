// What a trainer that is not running has left behind: its result, a typed failure, or nothing.
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureTypes, type FailureType } from '../domain/failures.ts';
import { trainerFailureSchema } from '../domain/training.ts';
import type { ActivityDeps } from './deps.ts';
import { storeLog } from './job-log.ts';
import { permanent } from './permanent.ts';

/** A trainer may die this often without a word of its own (killed, lost host) before the run fails. */
const maxDeaths = 4;

/**
 * `done` when the result is there, `start` when the trainer should be started (again). A failure that the trainer
 * explains itself is final: the same input would fail again. Throws permanent failures.
 */
export async function trainerOutcome(deps: ActivityDeps, runKey: string, folder: string): Promise<'done' | 'start'> {
  if (await exists(join(folder, 'result.json'))) {
    return 'done';
  }
  const failureFile = join(folder, 'failure.json');
  const text = await readFile(failureFile, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const failure = trainerFailureSchema.parse(JSON.parse(text));
    const interrupted = failure.kind === 'interrupted';
    const logKey = interrupted ? '' : await storeLog(deps.store, runKey, 'train', folder);
    // Neither the same words nor this start may fail the next run of this recipe before its trainer had a chance.
    await rm(failureFile, { force: true });
    await rm(deathsFile(folder), { force: true });
    if (!interrupted) {
      throw permanent(typeOf(failure.kind), `the trainer stopped: ${failure.message}`, {
        exitCode: failure.code,
        logKey,
      });
    }
  }
  // Counted as a death until the trainer says otherwise.
  const deaths = await countOf(deathsFile(folder));
  if (deaths >= maxDeaths) {
    await rm(deathsFile(folder), { force: true });
    throw permanent(failureTypes.trainerFailed, `the trainer died ${maxDeaths} times without saying why`, {
      logKey: await storeLog(deps.store, runKey, 'train', folder),
      hint: 'read the end of its log; a process killed by the system often means too little memory',
    });
  }
  await writeFile(deathsFile(folder), String(deaths + 1));
  await writeFile(startsFile(folder), String((await startsSoFar(folder)) + 1));
  return 'start';
}

function typeOf(kind: string): FailureType {
  return kind === 'data_error' || kind === 'config_error' || kind === 'base_model_error'
    ? failureTypes.badInput
    : failureTypes.trainerFailed;
}

const deathsFile = (folder: string): string => join(folder, 'deaths');
const startsFile = (folder: string): string => join(folder, 'starts');

/** How often a trainer was started for this job, over all workers. */
export async function startsSoFar(folder: string): Promise<number> {
  return await countOf(startsFile(folder));
}

/** 0 without a file, and for one that a full disk cut short. */
async function countOf(file: string): Promise<number> {
  const count = Number(await readFile(file, 'utf8').catch(() => '0'));
  return Number.isInteger(count) ? count : 0;
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
