// The podman and docker launchers against real containers: adoption, the end, hardening as seen from inside, hostile recipes.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ActivityCancellationDetails } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { containerLauncher } from '../../activities/launch/container.ts';
import type { Job, JobState, Launcher } from '../../activities/launch/launcher.ts';
import { logFile } from '../../activities/launch/process.ts';
import { processLauncher } from '../../activities/launch/process-launcher.ts';
import { reap } from '../../activities/launch/reap.ts';
import { supervise, type JobEnd } from '../../activities/launch/supervise.ts';
import { BadInput } from '../../domain/bad-input.ts';
import { dockerEngine, podmanEngine } from './engines.ts';

/** Engines that are here; the tier says which are not. */
const found = await Promise.all([podmanEngine(), dockerEngine()]);
for (const missing of found.filter((engine) => typeof engine === 'string')) {
  it.skip(missing, () => undefined);
}
const engines = found.filter((engine) => typeof engine !== 'string');
afterAll(async () => {
  await Promise.all(engines.map(async (engine) => await engine.close()));
});

const steps = async (job: Job): Promise<number> =>
  (await readFile(join(job.folder, 'out', 'progress.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1;
const untilStep = (job: Job, least: number): Promise<void> =>
  vi.waitFor(async () => expect(await steps(job)).toBeGreaterThanOrEqual(least), { timeout: 10_000, interval: 50 });
const quiet = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

/** The job is started once. */
function supervised(
  launcher: Launcher,
  environment: MockActivityEnvironment,
  job: Job,
  ends: (JobEnd | undefined)[],
): Promise<unknown> {
  const outcome = (ended: JobEnd | undefined): Promise<'done' | 'start'> => {
    ends.push(ended);
    return Promise.resolve(ends.length === 1 ? 'start' : 'done');
  };
  const spec = { launcher, job, stopGraceMs: 5000, outcome, beat: () => Promise.resolve({}) };
  const ended: Promise<unknown> = environment.run(supervise, spec).catch((thrown: unknown) => thrown);
  return ended;
}

describe.each(engines.map((engine) => [engine.tool, engine] as const))('%s:', (tool, engine) => {
  const launcher = containerLauncher(tool, { mountRoots: [] });
  let image: string;
  let home: string;
  let made = 0;

  beforeAll(async () => {
    image = await engine.tinyImage();
  });
  afterAll(async () => {
    await removeOurs();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'contender-containers-'));
  });
  afterEach(async () => {
    await removeOurs();
    await rm(home, { recursive: true, force: true });
  });

  async function removeOurs(): Promise<void> {
    const ids = await engine.run('ps', '--all', '--quiet', '--filter=name=contender-test-');
    for (const id of ids.split('\n').filter(Boolean)) {
      await engine.run('rm', '--force', ...(tool === 'podman' ? ['--time=0'] : []), id);
    }
  }

  async function jobOf(
    argv: Job['argv'],
    given: { steps?: number; memoryBytes?: number; pids?: number; work?: string } = {},
  ) {
    made += 1;
    const folder = join(home, given.work ?? 'work', 'trainings', `job-${made}`);
    await mkdir(join(folder, 'in'), { recursive: true });
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'in', 'steps'), String(given.steps ?? 100_000));
    const job: Job = {
      name: `contender-test-${process.pid}-${made}`,
      folder,
      argv,
      cwd: '/',
      env: {},
      container: {
        image,
        mounts: [
          { source: join(folder, 'in'), target: '/job/in', readOnly: true },
          { source: join(folder, 'out'), target: '/job/out', readOnly: false },
        ],
        pids: given.pids ?? 64,
        ...(given.memoryBytes === undefined ? {} : { memoryBytes: given.memoryBytes }),
      },
    };
    return job;
  }

  async function untilEnded(job: Job): Promise<JobState> {
    await vi.waitFor(async () => expect((await launcher.look(job)).kind).toBe('ended'), {
      timeout: 20_000,
      interval: 100,
    });
    return await launcher.look(job);
  }

  /** Runs a shell program in the hardened container and returns what it printed. */
  async function inside(program: string, given: { pids?: number } = {}): Promise<string> {
    const job = await jobOf(['sh', '-c', program], given);
    await launcher.start(job);
    await untilEnded(job);
    await launcher.clear(job);
    return await readFile(logFile(job.folder), 'utf8');
  }

  describe('a job in a container', () => {
    it('trains, tells how it ended, also after its container is gone, and leaves its log once', async () => {
      const job = await jobOf(['trainer'], { steps: 3 });
      expect(await launcher.look(job)).toEqual({ kind: 'absent' });
      await launcher.start(job);
      expect(await untilEnded(job)).toEqual({ kind: 'ended', exitCode: 0 });
      await launcher.clear(job);
      await launcher.clear(job);
      expect(await launcher.look(job)).toEqual({ kind: 'ended', exitCode: 0 });
      expect(await readFile(logFile(job.folder), 'utf8')).toBe('step 1\nstep 2\nstep 3\n');
      expect(await readFile(join(job.folder, 'out', 'result.json'), 'utf8')).toBe('{}\n');
      expect(await engine.run('ps', '--all', '--quiet', `--filter=name=${job.name}`)).toBe('');
    });

    it('goes on when the worker that started it is killed, and the next one adopts it', async () => {
      const job = await jobOf(['trainer']);
      const module = new URL('../../activities/launch/container.ts', import.meta.url).href;
      const worker = execa(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `const { containerLauncher } = await import(${JSON.stringify(module)});
        await containerLauncher('${tool}', { mountRoots: [] }).start(${JSON.stringify(job)});
        console.log('started'); setInterval(() => {}, 1000);`,
        ],
        { reject: false, stdin: 'ignore' },
      );
      await untilStep(job, 1);
      worker.kill('SIGKILL');
      await worker;
      const before = await steps(job);
      const next = containerLauncher(tool, { mountRoots: [] });
      expect(await next.look(job)).toMatchObject({ kind: 'running' });
      await next.start(job);
      await untilStep(job, before + 3);
      const progress = await readFile(join(job.folder, 'out', 'progress.jsonl'), 'utf8');
      const counted = progress
        .trim()
        .split('\n')
        .map((_line, index) => `{"step": ${index + 1}}`);
      expect(progress.trim().split('\n')).toEqual(counted);
    });

    it('that is stopped saves first, and ends with the code it chose', async () => {
      const job = await jobOf(['trainer']);
      await launcher.start(job);
      await untilStep(job, 1);
      const began = performance.now();
      await launcher.stop(job, 20_000);
      expect(performance.now() - began).toBeLessThan(5000);
      expect(await launcher.look(job)).toEqual({ kind: 'ended', exitCode: 15 });
      await launcher.clear(job);
      expect(await readFile(logFile(job.folder), 'utf8')).toContain('saved');
    });

    it('that does not heed SIGTERM is killed once the grace is over', async () => {
      const job = await jobOf(['sh', '-c', `trap '' TERM; touch /job/out/progress.jsonl; while :; do sleep 1; done`]);
      await launcher.start(job);
      const began = performance.now();
      await launcher.stop(job, 1000);
      expect(performance.now() - began).toBeLessThan(8000);
      expect(await launcher.look(job)).toEqual({ kind: 'ended', exitCode: 137, reason: 'ended by SIGKILL' });
    });

    it('that takes more memory than it may is killed, and says so where the kernel tells', async () => {
      const job = await jobOf(['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=200M', 'count=1'], {
        memoryBytes: 32 * 1024 ** 2,
      });
      await launcher.start(job);
      const ended = await untilEnded(job);
      const told = await engine.run('inspect', '--format={{.State.OOMKilled}}', job.name);
      expect(ended).toEqual({
        kind: 'ended',
        exitCode: 137,
        reason: told === 'true' ? 'OOMKilled' : 'ended by SIGKILL',
      });
      expect(existsSync('oom'), 'podman’s monitor left its mark in the worker’s folder').toBe(false);
    });

    it('that is started again writes behind its earlier log', async () => {
      const job = await jobOf(['trainer'], { steps: 1 });
      for (let start = 0; start < 2; start += 1) {
        await launcher.start(job);
        await untilEnded(job);
      }
      await launcher.clear(job);
      expect(await readFile(logFile(job.folder), 'utf8')).toBe('step 1\nstep 1\n');
    });

    it('shows its log so far while it runs', async () => {
      const job = await jobOf(['trainer']);
      await launcher.start(job);
      await untilStep(job, 2);
      await launcher.clear(job);
      await launcher.clear(job);
      const log = await readFile(logFile(job.folder), 'utf8');
      expect(log.match(/^step 1$/gmu)).toHaveLength(1);
      expect((await launcher.look(job)).kind).toBe('running');
    });
  });

  describe('from inside', () => {
    it('there is no network', async () => {
      const log = await inside(`ls /sys/class/net; wget -T 2 -q -O - http://1.1.1.1/ && echo reached || echo cut off`);
      expect(log.split('\n')[0]).toBe('lo');
      expect(log).toContain('cut off');
      expect(log).not.toContain('reached');
    });

    it('nothing can be written but the output and /tmp', async () => {
      const log = await inside(
        `for path in / /bin /etc /job /job/in /job/out /tmp; do touch $path/x 2>/dev/null && echo "wrote $path"; done`,
      );
      expect(log.trim().split('\n')).toEqual(['wrote /job/out', 'wrote /tmp']);
    });

    it('the job is not root, has no capability, and can gain none', async () => {
      const log = await inside('id -u; grep -E "^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):" /proc/self/status');
      const [uid, ...lines] = log.trim().split('\n');
      expect(Number(uid)).toBeGreaterThan(0);
      const status = Object.fromEntries(lines.map((line) => line.split(/:\s+/u)));
      const none = '0'.repeat(16);
      expect(status).toMatchObject({ CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none, NoNewPrivs: '1' });
    });

    it('there are only so many processes', async () => {
      const log = await inside(`i=0; while [ $i -lt 40 ]; do i=$((i + 1)); sleep 2 & done; wait; echo all`, {
        pids: 16,
      });
      expect(log).toMatch(/can't fork/u);
      expect(log).not.toContain('all');
    });

    it('there is no variable of the worker, a key or a proxy', async () => {
      const proxy = 'http://user:password@proxy.example';
      const config = join(home, 'config.json');
      await writeFile(config, JSON.stringify({ proxies: { default: { httpsProxy: proxy, httpProxy: proxy } } }));
      vi.stubEnv('DOCKER_CONFIG', home);
      vi.stubEnv('OPENAI_API_KEY', 'sk-secret');
      vi.stubEnv('HTTPS_PROXY', proxy);
      try {
        const log = await inside('env');
        expect(log).toContain('HOME=/tmp');
        expect(log).not.toMatch(/secret|password|proxy\.example/iu);
      } finally {
        vi.unstubAllEnvs();
      }
    });
  });

  describe('a hostile recipe', () => {
    it('has its texts handed to the program as they are', async () => {
      const hostile = ['--privileged', '; touch /job/out/pwned', 'a\nb', '$(touch /job/out/pwned)', '-v/:/host', "'"];
      const job = await jobOf(['sh', '-c', 'for text; do echo "<$text>"; done; ls /job/out', 'sh', ...hostile]);
      await launcher.start(job);
      await untilEnded(job);
      await launcher.clear(job);
      const log = await readFile(logFile(job.folder), 'utf8');
      expect(log).toBe(`${hostile.map((text) => `<${text}>`).join('\n')}\n`);
    });

    it('gets nothing mounted by a link that leads out of the job folder', async () => {
      const job = await jobOf(['trainer']);
      await symlink('/etc', join(job.folder, 'way-out'));
      const mounts = [{ source: join(job.folder, 'way-out'), target: '/job/in', readOnly: true }];
      const container = { image, pids: 64, mounts };
      await expect(launcher.start({ ...job, container })).rejects.toThrow(BadInput);
      expect(await launcher.look(job)).toEqual({ kind: 'absent' });
    });

    it('that names an image which is not here is told so; nothing is pulled', async () => {
      const job = await jobOf(['trainer']);
      const absent = `registry.example/absent@sha256:${'0'.repeat(64)}`;
      const started = launcher.start({ ...job, container: { image: absent, mounts: [], pids: 9 } });
      await expect(started).rejects.toMatchObject({
        name: 'ContenderBadInput',
        message: `the image is not on the worker: ${absent}`,
        hint: expect.stringContaining(`${tool} pull ${absent}`),
      });
    });

    it('that names a program which is not in the image is told so, and nothing is left', async () => {
      const job = await jobOf(['no-such-program']);
      await expect(launcher.start(job)).rejects.toThrow('the program is not in the image');
      expect(await engine.run('ps', '--all', '--quiet', `--filter=name=${job.name}`)).toBe('');
    });
  });

  describe('a container of another', () => {
    it('with the name of a job is refused and left alone', async () => {
      const job = await jobOf(['trainer']);
      await engine.run('run', '--detach', '--network=none', `--name=${job.name}`, image, 'sleep', '100');
      await expect(launcher.look(job)).rejects.toThrow(BadInput);
      await expect(launcher.start(job)).rejects.toThrow(BadInput);
      await launcher.stop(job, 0);
      await launcher.clear(job);
      expect(await engine.run('inspect', '--format={{.State.Status}}', job.name)).toBe('running');
    });

    it('is left alone by the reaper, which stops only what no open run wants', async () => {
      const open = await jobOf(['trainer']);
      const closed = await jobOf(['trainer']);
      const elsewhere = await jobOf(['trainer'], { work: 'work-of-another-home' });
      await launcher.start(open);
      await launcher.start(closed);
      await launcher.start(elsewhere);
      const foreign = `contender-test-${process.pid}-foreign`;
      await engine.run('run', '--detach', '--network=none', `--name=${foreign}`, image, 'sleep', '100');
      const report = await reap({
        workFolder: join(home, 'work'),
        process: processLauncher(),
        containers: [launcher],
        isOpen: (folder) => Promise.resolve(folder === open.folder),
        graceMs: 5000,
      });
      expect(report).toEqual({
        ended: [{ kind: tool, name: closed.name, folder: closed.folder }],
        kept: [{ kind: tool, name: open.name, folder: open.folder }],
        problems: [],
      });
      expect((await launcher.look(open)).kind).toBe('running');
      expect((await launcher.look(elsewhere)).kind).toBe('running');
      expect(await engine.run('inspect', '--format={{.State.Status}}', foreign)).toBe('running');
      expect(await launcher.look(closed)).toEqual({ kind: 'ended', exitCode: 15 });
    });
  });

  describe('under supervision', () => {
    it('a container that ends tells its exit code, and its log is there by then', async () => {
      const job = await jobOf(['sh', '-c', 'echo broken; exit 14']);
      const ends: (JobEnd | undefined)[] = [];
      expect(await supervised(launcher, quiet(), job, ends)).toBeUndefined();
      expect(ends).toEqual([undefined, { exitCode: 14 }]);
      expect(await readFile(logFile(job.folder), 'utf8')).toBe('broken\n');
    });

    it.each([
      ['a cancelled run stops the container', new ActivityCancellationDetails({ cancelRequested: true }), 'ended'],
      [
        'a worker that shuts down leaves it running',
        new ActivityCancellationDetails({ workerShutdown: true }),
        'running',
      ],
    ])('%s', async (_name, details, left) => {
      const job = await jobOf(['trainer']);
      const environment = quiet();
      const ended = supervised(launcher, environment, job, []);
      await untilStep(job, 1);
      environment.cancel(details.cancelRequested ? 'CANCELLED' : 'WORKER_SHUTDOWN', details);
      await ended;
      await sleep(300);
      expect((await launcher.look(job)).kind).toBe(left);
    });
  });
});
