// What is known of every record of all sources, in typed arrays that worker threads share: about 50 bytes a record.
import type { ChunkResult } from './chunk-result.ts';

/** Columns over all records in reading order; see ChunkResult. */
export interface RowTable {
  readonly records: number;
  readonly line: Uint32Array;
  /** 0 for a row that is still in; steps write their code here. */
  readonly rule: Uint8Array;
  readonly key: Uint32Array;
  readonly output: Uint32Array;
  readonly group: Uint32Array;
  readonly place: Uint32Array;
  readonly order: Uint32Array;
  readonly time: Float64Array;
  readonly lines: RowLines;
}

/** Where the rows' lines lie in the scratch file; what a worker needs to read a row. */
export interface RowLines {
  readonly offset: Float64Array;
  readonly length: Uint32Array;
}

const columnNames = ['line', 'rule', 'key', 'output', 'group', 'place', 'order', 'time', 'length'] as const;
type Column = (typeof columnNames)[number];
type Parts = Record<Column, (Uint32Array | Uint8Array | Float64Array)[]>;

/** Gathers the columns of the chunks. */
export class RowTableBuilder {
  #records = 0;
  readonly #parts: Parts = {
    line: [],
    rule: [],
    key: [],
    output: [],
    group: [],
    place: [],
    order: [],
    time: [],
    length: [],
  };

  get records(): number {
    return this.#records;
  }

  add(result: Pick<ChunkResult, Column | 'records'>): void {
    this.#records += result.records;
    for (const column of columnNames) {
      this.#parts[column].push(result[column]);
    }
  }

  /** The table; the builder is empty afterwards. */
  finish(): RowTable {
    const { line, rule, key, output, group, place, order, time, length } = this.#parts;
    const lengths = joined(Uint32Array, length);
    return {
      records: this.#records,
      line: joined(Uint32Array, line),
      rule: joined(Uint8Array, rule),
      key: joined(Uint32Array, key),
      output: joined(Uint32Array, output),
      group: joined(Uint32Array, group),
      place: joined(Uint32Array, place),
      order: joined(Uint32Array, order),
      time: joined(Float64Array, time),
      lines: { offset: offsetsOf(lengths), length: lengths },
    };
  }
}

interface ArrayKind<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): T;
}

/** One array in shared memory; the parts are let go, so that a column is in memory twice at most one at a time. */
function joined<T extends { set(part: ArrayLike<number>, at: number): void }>(
  kind: ArrayKind<T>,
  parts: { readonly length: number; readonly [index: number]: number }[],
): T {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new kind(new SharedArrayBuffer(size * kind.BYTES_PER_ELEMENT));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  parts.length = 0;
  return whole;
}

function offsetsOf(lengths: Uint32Array): Float64Array {
  const offsets = new Float64Array(new SharedArrayBuffer(lengths.length * 8));
  let at = 0;
  for (let index = 0; index < lengths.length; index += 1) {
    offsets[index] = at;
    at += lengths[index] ?? 0;
  }
  return offsets;
}

/** Order of two rows by content key, then by reading order: negative when `left` comes first. */
export function compareKeys(key: Uint32Array, left: number, right: number): number {
  for (let word = 0; word < 4; word += 1) {
    const difference = (key[left * 4 + word] ?? 0) - (key[right * 4 + word] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left - right;
}
