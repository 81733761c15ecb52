// Writes the rows of one split, and counts what the data card says of them.
import type { DatasetRow } from '../../domain/dataset.ts';
import { FileWriter } from './file-writer.ts';
import { LengthCounts } from './length-counts.ts';
import type { RowReader } from './scratch-files.ts';

export interface SplitFacts {
  readonly rows: number;
  /** Lines that repeat a row, by weight or balance. */
  readonly repeated: number;
  /** Distinct groups, 0 when rows carry none. */
  readonly groups: number;
  readonly inputLengths: LengthCounts;
  readonly outputLengths: LengthCounts;
  /** Lines by output; undefined when there are too many to be labels. */
  readonly outputs: ReadonlyMap<string, number> | undefined;
}

export interface SplitToWrite {
  readonly path: string;
  /** Row numbers in the order of the file. */
  readonly rows: Uint32Array;
  /** How often a row is written; once where this says nothing. */
  readonly copies: ReadonlyMap<number, number>;
  /** What is added to ids that are not unique. */
  readonly idNumbers: ReadonlyMap<number, number>;
}

/** More distinct outputs than this are texts, not labels. */
const mostOutputs = 50_000;

/** All rows once in their order, then those that come a second time, and so on; copies have ids of their own. */
export async function writeSplit(
  { path, rows, copies, idNumbers }: SplitToWrite,
  reader: RowReader,
  signal: AbortSignal | undefined,
): Promise<SplitFacts> {
  const file = await FileWriter.create(path);
  const facts = { inputLengths: new LengthCounts(), outputLengths: new LengthCounts() };
  const groups = new Set<string>();
  let outputs: Map<string, number> | undefined = new Map();
  let repeated = 0;
  try {
    for (let copy = 1, some: Uint32Array = rows; some.length > 0; copy += 1) {
      for (const row of some) {
        const line = reader.line(row);
        const known: Pick<DatasetRow, 'id' | 'input' | 'output' | 'group'> = JSON.parse(line.toString('utf8'));
        const number = idNumbers.get(row);
        const suffix = `${number === undefined ? '' : `-${number}`}${copy === 1 ? '' : `-copy-${copy}`}`;
        if (file.add(suffix === '' ? line : withId(line, known.id, `${known.id}${suffix}`))) {
          signal?.throwIfAborted();
          await file.flush();
        }
        facts.inputLengths.add(known.input.length);
        facts.outputLengths.add(known.output.length);
        if (known.group !== undefined) {
          groups.add(known.group);
        }
        outputs?.set(known.output, (outputs.get(known.output) ?? 0) + 1);
        outputs = outputs !== undefined && outputs.size > mostOutputs ? undefined : outputs;
        repeated += copy === 1 ? 0 : 1;
      }
      const next = copy + 1;
      some = copies.size === 0 ? new Uint32Array() : rows.filter((row) => (copies.get(row) ?? 1) >= next);
    }
  } finally {
    await file.close();
  }
  return { rows: rows.length + repeated, repeated, groups: groups.size, outputs, ...facts };
}

/** The line with another id. Quotes within texts are escaped, so the member cannot be mistaken for text. */
function withId(line: Buffer, from: string, to: string): Buffer {
  return Buffer.from(line.toString('utf8').replace(`"id":"${from}"`, () => `"id":"${to}"`));
}
