// The `docker` and `podman` launchers: a container that outlives its worker, found again by its name and labels.
import { BadInput } from '../../domain/bad-input.ts';
import { Fault } from '../../domain/fault.ts';
import { checkedImage, checkedName, createArguments, folderLabel, jobLabel } from './container-args.ts';
import type { ContainerTool } from './container-args.ts';
import { cliError, containerCli, ToolMissing, type CliAnswer } from './container-cli.ts';
import { checkedMounts, giveAccess, jobUser } from './container-mounts.ts';
import { bringLog, endedState, readRecord, removeRecord, writeRecord } from './container-record.ts';
import { containerState, parseInspected, type Inspected } from './container-state.ts';
import type { ContainerSpec, Job, JobState, Launcher } from './launcher.ts';

/** A job as `look`, `stop` and `clear` know it. */
type Named = Pick<Job, 'name' | 'folder'>;

export interface ContainerLauncher extends Launcher {
  /** Every container with our labels on this machine, of whatever home; none where the tool is not installed. */
  list(): Promise<Named[]>;
}

export interface ContainerOptions {
  /** Folders below which models lie that jobs may read. Absolute. */
  readonly mountRoots: readonly string[];
}

export function containerLauncher(tool: ContainerTool, { mountRoots }: ContainerOptions): ContainerLauncher {
  async function run(verb: string, args: readonly string[], cwd?: string): Promise<CliAnswer> {
    const answer = await containerCli(tool, [verb, ...args], { cwd });
    if (answer.exitCode !== 0) {
      throw cliError(tool, verb, answer);
    }
    return answer;
  }

  /** The container of that name, be it ours or not; undefined when there is none. */
  async function find(name: string): Promise<Inspected | undefined> {
    const answer = await containerCli(tool, ['inspect', '--type=container', '--', checkedName(name)]);
    if (answer.exitCode === 0) {
      return parseInspected(answer.stdout);
    }
    if (/no such (?:container|object)/iu.test(answer.stderr)) {
      return undefined;
    }
    throw cliError(tool, 'inspect', answer);
  }

  async function findOwn(job: Named): Promise<Inspected | undefined> {
    const found = await find(job.name);
    if (found !== undefined && !isOwn(found, job)) {
      throw new BadInput(`there is a container ${job.name} that is not this job's`, {
        where: job.folder,
        hint: `another home folder of this machine trains the same, or it was made by hand; see: ${tool} inspect ${job.name}`,
      });
    }
    return found;
  }

  async function checkImage(image: string): Promise<void> {
    const answer = await containerCli(tool, ['image', 'inspect', '--', checkedImage(image)]);
    if (answer.exitCode === 0) {
      return;
    }
    if (!/no such (?:image|object)|image not known/iu.test(answer.stderr)) {
      throw cliError(tool, 'image inspect', answer);
    }
    throw new BadInput(`the image is not on the worker: ${image}`, {
      where: 'train.image',
      hint: `on the worker: ${tool} pull ${image} (or ${tool} load); workers pull nothing by themselves`,
    });
  }

  /** In a daemon without root the worker's user is root of the container, and nobody else can write its folders. */
  async function checkDaemon(): Promise<void> {
    if (tool === 'docker' && process.getuid?.() !== 0) {
      const { stdout } = await run('info', ['--format={{json .SecurityOptions}}']);
      if (stdout.includes('rootless')) {
        throw new BadInput('a docker daemon without root is not offered', { hint: 'use launcher podman' });
      }
    }
  }

  async function create(job: Job, container: ContainerSpec): Promise<void> {
    const mounts = await checkedMounts(job, mountRoots);
    await giveAccess(job, mounts);
    const keepId = tool === 'podman' && process.getuid?.() !== 0;
    const args = createArguments({ tool, job, container, mounts, user: jobUser(), keepId });
    const answer = await containerCli(tool, args);
    // Another worker was faster; whoever made it starts it.
    if (answer.exitCode === 0 || !/already in use/iu.test(answer.stderr)) {
      if (answer.exitCode !== 0) {
        throw cliError(tool, 'create', answer);
      }
      // Podman's monitor leaves a file `oom` where it was started when the job runs out of memory.
      await run('start', ['--', job.name], job.folder).catch(async (error: unknown) => {
        await containerCli(tool, ['rm', '--force', '--volumes', '--', job.name]);
        throw error;
      });
    }
  }

  async function clear(job: Named): Promise<void> {
    const found = await find(job.name);
    if (found === undefined || !isOwn(found, job)) {
      return;
    }
    const state = containerState(found, Date.now());
    const logStart = await bringLog(tool, job.name, found.Id, job.folder);
    if (state.kind === 'running') {
      return;
    }
    if (state.kind === 'ended') {
      const { exitCode, reason } = state;
      const ended = { exitCode: exitCode ?? 1, ...(reason === undefined ? {} : { reason }) };
      await writeRecord(job.folder, { id: found.Id, logStart, ended });
    }
    // By its id: by now the name may be another container's.
    await containerCli(tool, ['rm', '--force', '--volumes', '--', found.Id]);
  }

  return {
    kind: tool,
    look: async (job): Promise<JobState> => {
      const found = await findOwn(job);
      if (found !== undefined) {
        return containerState(found, Date.now());
      }
      const ended = (await readRecord(job.folder))?.ended;
      return ended === undefined ? { kind: 'absent' } : endedState(ended);
    },
    start: async (job) => {
      if (job.container === undefined) {
        throw new Error(`job ${job.name} says nothing of its container`);
      }
      const found = await findOwn(job);
      if (found !== undefined && containerState(found, Date.now()).kind === 'running') {
        return;
      }
      await clear(job);
      await removeRecord(job.folder);
      await checkDaemon();
      await checkImage(job.container.image);
      await create(job, job.container);
    },
    stop: async (job, graceMs) => {
      for (let tries = 0; tries < 5; tries += 1) {
        const found = await find(job.name);
        if (found === undefined || !isOwn(found, job) || containerState(found, Date.now()).kind !== 'running') {
          return;
        }
        if (found.State.Status === 'paused') {
          await containerCli(tool, ['unpause', '--', found.Id]);
        }
        await containerCli(tool, ['stop', '-t', String(Math.ceil(graceMs / 1000)), '--', found.Id], {
          extraMs: graceMs,
        });
      }
      throw new Fault(`${tool} does not stop container ${job.name}`);
    },
    clear,
    list: async () => {
      const ids = await run('ps', ['--all', '--quiet', '--no-trunc', `--filter=label=${jobLabel}`]).catch(
        (error: unknown) => {
          if (error instanceof ToolMissing) {
            return { stdout: '' };
          }
          throw error;
        },
      );
      const found = await Promise.all(ids.stdout.split('\n').map(async (id) => (id === '' ? [] : await named(id))));
      return found.flat();
    },
  };

  async function named(id: string): Promise<Named[]> {
    const answer = await containerCli(tool, ['inspect', '--type=container', '--', id]);
    // Gone since it was listed.
    const labels = answer.exitCode === 0 ? (parseInspected(answer.stdout).Config.Labels ?? {}) : {};
    const { [jobLabel]: name, [folderLabel]: folder } = labels;
    return name === undefined || folder === undefined ? [] : [{ name, folder }];
  }
}

function isOwn({ Config }: Inspected, { name, folder }: Named): boolean {
  return Config.Labels?.[jobLabel] === name && Config.Labels[folderLabel] === folder;
}
