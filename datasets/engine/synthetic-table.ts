// A row table of rows that a test holds, made as curation makes it.
import type { z } from 'zod';
import { datasetSchema } from '../../domain/recipe-dataset.ts';
import { RowProcessor } from './process-chunk.ts';
import { RowTableBuilder, type RowTable } from './row-table.ts';

export interface SyntheticRow {
  readonly input: string;
  readonly output?: string;
  readonly group?: string;
  readonly time?: string;
}

type Split = Partial<z.input<typeof datasetSchema>['curate']['split']>;

/** Rows in this order; group and time are mapped where the split needs them. */
export async function tableOf(rows: readonly SyntheticRow[], split: Split = {}): Promise<RowTable> {
  const { sources, curate } = datasetSchema.parse({
    sources: [
      {
        path: 'rows.jsonl',
        map: {
          input: 'input',
          output: 'output',
          ...(split.by === 'group' || rows[0]?.group !== undefined ? { group: 'group' } : {}),
          ...(split.by === 'time' ? { time: 'time' } : {}),
        },
      },
    ],
    curate: { split: { train: 4, test: 2, ...split } },
  });
  const processor = await RowProcessor.create({ curate, sources });
  const all = rows.map((row) => ({ output: 'x', group: '', time: '', ...row }));
  const builder = new RowTableBuilder();
  builder.add(
    await processor.process({
      chunk: {
        kind: 'jsonl',
        file: 'rows.jsonl',
        firstLine: 1,
        bytes: new Uint8Array(Buffer.from(all.map((row) => JSON.stringify(row)).join('\n'))),
        malformed: 'stop',
      },
      source: 0,
      first: all[0] ?? {},
      firstAt: 'rows.jsonl:1',
    }),
  );
  return builder.finish();
}
