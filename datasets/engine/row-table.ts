// What is known of every record of all sources, in typed arrays that worker threads share: about 40 bytes a record.
import type { ChunkResult } from './chunk-result.ts';
import { GrowingColumn } from './growing-column.ts';

/** Columns over all records in reading order; see ChunkResult. */
export interface RowTable {
  readonly records: number;
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

/** Where in the scratch file each row's line begins, and at last where the lines end; a dropped record has none. */
export type RowLines = Float64Array;

type Column = 'rule' | 'key' | 'output' | 'group' | 'place' | 'order' | 'time' | 'length';

/** Gathers the columns of the chunks. */
export class RowTableBuilder {
  #records = 0;
  readonly #rule = new GrowingColumn(Uint8Array);
  readonly #key = new GrowingColumn(Uint32Array);
  readonly #output = new GrowingColumn(Uint32Array);
  readonly #group = new GrowingColumn(Uint32Array);
  readonly #place = new GrowingColumn(Uint32Array);
  readonly #order = new GrowingColumn(Uint32Array);
  readonly #time = new GrowingColumn(Float64Array);
  readonly #lines = new GrowingColumn(Float64Array);
  #end = 0;

  get records(): number {
    return this.#records;
  }

  add(result: Pick<ChunkResult, Column | 'records'>): void {
    this.#records += result.records;
    this.#rule.add(result.rule);
    this.#key.add(result.key);
    this.#output.add(result.output);
    this.#group.add(result.group);
    this.#place.add(result.place);
    this.#order.add(result.order);
    this.#time.add(result.time);
    const begins = new Float64Array(result.records);
    for (let index = 0; index < begins.length; index += 1) {
      begins[index] = this.#end;
      this.#end += result.length[index] ?? 0;
    }
    this.#lines.add(begins);
  }

  /** The table; nothing can be added afterwards. */
  finish(): RowTable {
    this.#lines.add(Float64Array.of(this.#end));
    return {
      records: this.#records,
      rule: this.#rule.finish(),
      key: this.#key.finish(),
      output: this.#output.finish(),
      group: this.#group.finish(),
      place: this.#place.finish(),
      order: this.#order.finish(),
      time: this.#time.finish(),
      lines: this.#lines.finish(),
    };
  }
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
