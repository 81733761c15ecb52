// What a worker thread of curation can do. The main thread calls these functions too when there is little to do.
import { BadInput } from '../../domain/bad-input.ts';
import type { TextAnalyzer } from '../pii/text-analyzer.ts';
import type { ChunkResult } from './chunk-result.ts';
import {
  settleClusters,
  similarPairs,
  type ClusterTask,
  type SettledClusters,
  type Similarity,
} from './compare-rows.ts';
import type { ChunkTask, RowProcessor, RowSettings } from './process-chunk.ts';
import type { RowLines } from './row-table.ts';
import { RowReader } from './scratch-files.ts';

/** Where a comparison finds its rows. */
export interface RowPlace {
  readonly path: string;
  readonly lines: RowLines;
  readonly similarity: Similarity;
}

export type Job =
  | { readonly kind: 'rows'; readonly task: ChunkTask }
  | { readonly kind: 'pairs'; readonly pairs: Uint32Array<ArrayBuffer>; readonly place: RowPlace }
  | { readonly kind: 'clusters'; readonly task: ClusterTask; readonly place: RowPlace };

/** A BadInput loses its fields on the way between threads, so it travels as plain data. */
export type JobResult =
  | { readonly kind: 'rows'; readonly result: ChunkResult }
  | { readonly kind: 'pairs'; readonly result: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'clusters'; readonly result: SettledClusters }
  | { readonly kind: 'refused'; readonly message: string; readonly where?: string; readonly hint?: string };

/** Does jobs one after another. */
export class JobRunner {
  readonly #processor: RowProcessor | undefined;
  #reader: { readonly path: string; readonly rows: RowReader } | undefined;

  private constructor(processor: RowProcessor | undefined) {
    this.#processor = processor;
  }

  /** Without settings it compares rows and does not read them. */
  static async create(settings: RowSettings | undefined, analyzer?: TextAnalyzer): Promise<JobRunner> {
    if (settings === undefined) {
      return new JobRunner(undefined);
    }
    // Threads that compare do without all that reading needs.
    const { RowProcessor: Processor } = await import('./process-chunk.ts');
    return new JobRunner(await Processor.create(settings, analyzer));
  }

  async run(job: Job, signal?: AbortSignal): Promise<JobResult> {
    try {
      return await this.#do(job, signal);
    } catch (error) {
      if (!(error instanceof BadInput)) {
        throw error;
      }
      const { message, where, hint } = error;
      return {
        kind: 'refused',
        message,
        ...(where === undefined ? {} : { where }),
        ...(hint === undefined ? {} : { hint }),
      };
    }
  }

  close(): void {
    this.#reader?.rows.close();
    this.#reader = undefined;
  }

  async #do(job: Job, signal: AbortSignal | undefined): Promise<JobResult> {
    switch (job.kind) {
      case 'rows':
        if (this.#processor === undefined) {
          throw new Error('rows came after their end');
        }
        return { kind: 'rows', result: await this.#processor.process(job.task, signal) };
      case 'pairs':
        return { kind: 'pairs', result: similarPairs(job.pairs, job.place.similarity, this.#inputs(job.place)) };
      case 'clusters':
        return { kind: 'clusters', result: settleClusters(job.task, job.place.similarity, this.#inputs(job.place)) };
      default:
        return job satisfies never;
    }
  }

  #inputs({ path, lines }: RowPlace): (row: number) => string {
    if (this.#reader?.path !== path) {
      this.close();
      this.#reader = { path, rows: new RowReader(path, lines) };
    }
    const { rows } = this.#reader;
    return (row) => rows.row(row).input;
  }
}

/** Buffers of a result that can be handed over. */
export function transferable(result: JobResult): ArrayBuffer[] {
  switch (result.kind) {
    case 'rows':
      return buffersOf(result.result);
    case 'pairs':
      return [result.result.buffer];
    case 'clusters':
      return [result.result.keptInstead.buffer, result.result.similarity.buffer];
    case 'refused':
      return [];
    default:
      return result satisfies never;
  }
}

/** The buffers of a result, to be handed over instead of copied. */
function buffersOf(result: ChunkResult): ArrayBuffer[] {
  const { rule, key, output, group, place, order, length, time, bands, rows, drops, overlaps } = result;
  return [rule, key, output, group, place, order, length, time, bands, rows, drops, overlaps].map(
    ({ buffer }) => buffer,
  );
}
