// Tells one process from another that later got the same pid.
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';

/**
 * A text that is equal for the same process and differs for another one with the same pid: its start time.
 * Undefined when there is no such process, or it has ended and only waits to be reaped.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    // Start times count from the boot, so a pid and time of an earlier boot mean nothing.
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // Fields after the command name, which may hold spaces: state is the first, start time the twentieth.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields === undefined || fields[0] === 'Z' ? undefined : `${boot.trim()}:${fields[19]}`;
  }
  const { stdout, exitCode } = await execa('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { reject: false });
  const text = stdout.trim();
  return exitCode !== 0 || text === '' || text.startsWith('Z') ? undefined : `started:${text.replace(/^\S+\s+/u, '')}`;
}
