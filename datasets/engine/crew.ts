// Who does the jobs: worker threads, or this thread when there is too little to do for threads to pay.
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../../domain/bad-input.ts';
import type { TextAnalyzer } from '../pii/text-analyzer.ts';
import type { ChunkResult } from './chunk-result.ts';
import type { ClusterTask, SettledClusters } from './compare-rows.ts';
import { JobRunner, type Job, type JobResult, type RowPlace } from './curation-worker.ts';
import type { ChunkTask, RowSettings } from './process-chunk.ts';

export interface Crew {
  /** Jobs that can be under way at once. */
  readonly size: number;
  rows(task: ChunkTask): Promise<ChunkResult>;
  pairs(pairs: Uint32Array<ArrayBuffer>, place: RowPlace): Promise<Uint8Array>;
  clusters(task: ClusterTask, place: RowPlace): Promise<SettledClusters>;
  /** No more rows come: ends the threads that read them, with what they hold. Those that compare rows hold little. */
  rowsEnd(): Promise<void>;
  close(): Promise<void>;
}

/** Threads for a curation of so many bytes: none below 4 MiB, where starting them takes longer than the work. */
export function threadsFor(bytes: number): number {
  return bytes < 4 * 2 ** 20 ? 0 : Math.min(availableParallelism(), 16);
}

export interface CrewOptions {
  readonly threads: number;
  /** Asked about every row's texts; the work is then done in this thread, which mostly waits for it. */
  readonly analyzer?: TextAnalyzer | undefined;
  readonly signal?: AbortSignal | undefined;
}

// With an analyzer: chunks whose texts are with it at the same time.
const chunksAtOnce = 4;

/** Throws BadInput for settings that a step cannot use. */
export async function createCrew(settings: RowSettings, { threads, analyzer, signal }: CrewOptions): Promise<Crew> {
  // Made in this thread as well: what is wrong with the settings is said here, not in each worker.
  const runner = await JobRunner.create(settings, analyzer);
  if (threads > 0 && analyzer === undefined) {
    return await workerThreads(settings, threads);
  }
  return crewOf({
    size: analyzer === undefined ? 1 : chunksAtOnce,
    async run(job) {
      // Heartbeats and cancellation get their turn.
      await setImmediate();
      return await runner.run(job, signal);
    },
    rowsEnd: () => Promise.resolve(),
    close() {
      runner.close();
      return Promise.resolve();
    },
  });
}

async function workerThreads(settings: RowSettings, threads: number): Promise<Crew> {
  // Loaded here, since most commands do without.
  const { Piscina } = await import('piscina');
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const start = (workerData: RowSettings | undefined): InstanceType<typeof Piscina<Job, JobResult>> =>
    new Piscina<Job, JobResult>({
      name: 'work',
      filename: fileURLToPath(new URL(`worker-entry.${ending}`, import.meta.url)),
      // As many as there is work for, until the end.
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Infinity,
      workerData,
      // Most of what a job makes is dead soon. V8 would let every thread gather over 100 MB of it before it looks.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
      // Rows hold whatever people wrote; nothing of the environment is needed to read them.
      env: {},
    });
  let pool = start(settings);
  return crewOf({
    size: threads,
    run: async (job) => await pool.run(job, { transferList: buffersOf(job) }),
    async rowsEnd() {
      await pool.destroy();
      pool = start(undefined);
    },
    close: async () => await pool.destroy(),
  });
}

function buffersOf(job: Job): ArrayBuffer[] {
  switch (job.kind) {
    case 'rows':
      return [job.task.chunk.bytes.buffer];
    case 'pairs':
      return [job.pairs.buffer];
    case 'clusters':
      return [job.task.members.buffer, job.task.starts.buffer];
    default:
      return job satisfies never;
  }
}

function crewOf({
  run,
  ...crew
}: Pick<Crew, 'size' | 'rowsEnd' | 'close'> & { readonly run: (job: Job) => Promise<JobResult> }): Crew {
  return {
    ...crew,
    async rows(task) {
      const done = accepted(await run({ kind: 'rows', task }));
      return done.kind === 'rows' ? done.result : unexpected(done);
    },
    async pairs(pairs, place) {
      const done = accepted(await run({ kind: 'pairs', pairs, place }));
      return done.kind === 'pairs' ? done.result : unexpected(done);
    },
    async clusters(task, place) {
      const done = accepted(await run({ kind: 'clusters', task, place }));
      return done.kind === 'clusters' ? done.result : unexpected(done);
    },
  };
}

type Accepted = Exclude<JobResult, { kind: 'refused' }>;

function accepted(result: JobResult): Accepted {
  if (result.kind === 'refused') {
    const { message, where, hint } = result;
    throw new BadInput(message, { ...(where === undefined ? {} : { where }), ...(hint === undefined ? {} : { hint }) });
  }
  return result;
}

function unexpected({ kind }: Accepted): never {
  throw new Error(`a job came back as ${kind}`);
}
