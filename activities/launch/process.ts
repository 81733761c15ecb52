// The `process` launcher: a child that outlives its worker, found again by the record it leaves in its job folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { processIdentity } from './process-identity.ts';

const recordSchema = z.strictObject({ pid: z.int().positive(), identity: z.string() });

/** A job: one folder, one process. */
export interface Job {
  /** Holds the process record, the log and whatever the process writes. Absolute. */
  readonly folder: string;
  /** Program and arguments; never a shell string. */
  readonly argv: readonly [string, ...string[]];
  /** Working directory of the process. */
  readonly cwd: string;
  /** Environment on top of a minimal one; secrets do not belong here. */
  readonly env: Readonly<Record<string, string>>;
}

export const logFile = (folder: string): string => join(folder, 'process.log');
const recordFile = (folder: string): string => join(folder, 'process.json');

/**
 * Starts the job's process detached, as leader of its own process group, and records who it is. Throws BadInput when
 * the program cannot be started.
 */
export async function launchProcess(job: Job): Promise<void> {
  await mkdir(job.folder, { recursive: true });
  const log = openSync(logFile(job.folder), 'a');
  try {
    const [program, ...args] = job.argv;
    // Not execa, which ties a child's output and life to its parent: this one must outlive the worker.
    const child = spawn(program, args, {
      cwd: job.cwd,
      env: { ...minimalEnvironment(), ...job.env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    await once(child, 'spawn').catch((error: unknown) => {
      throw cannotStart(program, error);
    });
    child.unref();
    const pid = child.pid ?? 0;
    const record = JSON.stringify({ pid, identity: (await processIdentity(pid)) ?? 'gone' });
    await writeFile(`${recordFile(job.folder)}.new`, record);
    await rename(`${recordFile(job.folder)}.new`, recordFile(job.folder));
  } finally {
    closeSync(log);
  }
}

function cannotStart(program: string, cause: unknown): BadInput {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new BadInput(`${program} cannot be started (${code})`, {
    hint: '`contender doctor` shows which programs the settings name and what is missing',
    cause,
  });
}

/** Whether the job's process still runs. A reused pid is told apart by the time at which the process started. */
export async function isRunning(folder: string): Promise<boolean> {
  return (await livePid(folder)) !== undefined;
}

/** Milliseconds since the job's process was started; undefined when none was. */
export async function runningMs(folder: string): Promise<number | undefined> {
  const record = await stat(recordFile(folder)).catch(() => undefined);
  return record === undefined ? undefined : Date.now() - record.mtimeMs;
}

/** SIGTERM to the whole group, SIGKILL after `graceMs`. Returns once nothing of the group is left. */
export async function stopProcess(folder: string, graceMs: number): Promise<void> {
  const pid = await livePid(folder);
  if (pid === undefined) {
    return;
  }
  signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while ((await livePid(folder)) !== undefined) {
    if (performance.now() > deadline) {
      signalGroup(pid, 'SIGKILL');
    }
    await sleep(50);
  }
  // Children of the leader that ignored SIGTERM.
  signalGroup(pid, 'SIGKILL');
}

async function livePid(folder: string): Promise<number | undefined> {
  const text = await readFile(recordFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  const record = recordSchema.parse(JSON.parse(text));
  return (await processIdentity(record.pid)) === record.identity ? record.pid : undefined;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}

/** What a Python process needs and nothing that could be a key. */
function minimalEnvironment(): Record<string, string> {
  const wanted = [
    'PATH',
    'HOME',
    'LANG',
    'LC_ALL',
    'TMPDIR',
    'CUDA_VISIBLE_DEVICES',
    'LD_LIBRARY_PATH',
    'OMP_NUM_THREADS',
    'OMP_WAIT_POLICY',
  ];
  return Object.fromEntries(
    wanted.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
