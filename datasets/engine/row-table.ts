// What is known of every record of all sources, in typed arrays that worker threads share: about 50 bytes a record.
import type { ChunkResult } from './chunk-result.ts';
import { GrowingColumn } from './growing-column.ts';

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

type Column = 'line' | 'rule' | 'key' | 'output' | 'group' | 'place' | 'order' | 'time' | 'length';

/** Gathers the columns of the chunks. */
export class RowTableBuilder {
  #records = 0;
  readonly #line = new GrowingColumn(Uint32Array);
  readonly #rule = new GrowingColumn(Uint8Array);
  readonly #key = new GrowingColumn(Uint32Array);
  readonly #output = new GrowingColumn(Uint32Array);
  readonly #group = new GrowingColumn(Uint32Array);
  readonly #place = new GrowingColumn(Uint32Array);
  readonly #order = new GrowingColumn(Uint32Array);
  readonly #time = new GrowingColumn(Float64Array);
  readonly #length = new GrowingColumn(Uint32Array);

  get records(): number {
    return this.#records;
  }

  add(result: Pick<ChunkResult, Column | 'records'>): void {
    this.#records += result.records;
    this.#line.add(result.line);
    this.#rule.add(result.rule);
    this.#key.add(result.key);
    this.#output.add(result.output);
    this.#group.add(result.group);
    this.#place.add(result.place);
    this.#order.add(result.order);
    this.#time.add(result.time);
    this.#length.add(result.length);
  }

  /** The table; nothing can be added afterwards. */
  finish(): RowTable {
    const length = this.#length.finish();
    return {
      records: this.#records,
      line: this.#line.finish(),
      rule: this.#rule.finish(),
      key: this.#key.finish(),
      output: this.#output.finish(),
      group: this.#group.finish(),
      place: this.#place.finish(),
      order: this.#order.finish(),
      time: this.#time.finish(),
      lines: { offset: offsetsOf(length), length },
    };
  }
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
