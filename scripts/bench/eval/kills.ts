// An evaluation that is killed again and again, and started again each time: what was answered is not asked for twice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneArm } from './own-tools.ts';
import type { Stub, StubStats } from './stub.ts';
import type { Place } from './tool.ts';

export interface KilledRun extends StubStats {
  readonly kills: number;
}

/** Kills the process with SIGKILL at different moments after its first requests, and lets the last one end. */
export async function killedRun(place: Place, stub: Stub, kills: number): Promise<KilledRun> {
  await oneArm.prepare(place);
  await stub.reset();
  for (let kill = 0; kill < kills; kill += 1) {
    const before = (await stub.stats()).requests;
    const { child, ended } = start(place);
    while ((await stub.stats()).requests === before && child.exitCode === null) {
      await sleep(5);
    }
    await sleep(20 + 61 * kill);
    child.kill('SIGKILL');
    await ended;
  }
  const { child, ended } = start(place);
  await ended;
  if (child.exitCode !== 0) {
    throw new Error(`the evaluation exited with ${child.exitCode} after ${kills} kills`);
  }
  return { kills, ...(await stub.stats()) };
}

function start(place: Place) {
  const { file, args, env } = oneArm.command(place);
  const child = spawn(file, [...args], { cwd: place.folder, env: { ...process.env, ...env }, stdio: 'ignore' });
  return { child, ended: once(child, 'exit') };
}
