// What a worker makes of one chunk of records: plain data, so that it can cross to the main thread without a copy.
import { dropRuleSchema, type DropRule } from '../../domain/dataset.ts';

/** Columns with one value for every record of the chunk, dropped ones included; those of dropped records are 0. */
export interface ChunkResult {
  readonly records: number;
  /** 0 for a row that goes on, else the code of the rule that dropped it. */
  readonly rule: Uint8Array<ArrayBuffer>;
  /** First 128 bits of the digest of the comparable input, 4 numbers a record. */
  readonly key: Uint32Array<ArrayBuffer>;
  /** 64 bits of the digest of the output, 2 numbers a record. */
  readonly output: Uint32Array<ArrayBuffer>;
  /** The same of the group; 0 without one. */
  readonly group: Uint32Array<ArrayBuffer>;
  /** Where in the seeded order the row's group (without groups: its input) lies; zones of the splits are parts of it. */
  readonly place: Uint32Array<ArrayBuffer>;
  /** Where in the seeded order of rows the row lies. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** Length in bytes of the row's line in `rows`, its line feed included. */
  readonly length: Uint32Array<ArrayBuffer>;
  /** Milliseconds since 1970; empty unless the split is by time. */
  readonly time: Float64Array<ArrayBuffer>;
  /** Band hashes of the input, band by band; empty without a search for near duplicates. */
  readonly bands: Int32Array<ArrayBuffer>;
  /** Canonical JSON lines of the rows that go on. */
  readonly rows: Uint8Array<ArrayBuffer>;
  /** Canonical JSON lines of the dropped records. */
  readonly drops: Uint8Array<ArrayBuffer>;
  /** JSON lines on overlaps with evaluations: dropped rows and reported ones. */
  readonly overlaps: Uint8Array<ArrayBuffer>;
  /** Findings of personal data by type: rows that held it, and pieces. */
  readonly pii: Readonly<Record<string, { readonly rows: number; readonly found: number }>>;
}

const rules: readonly DropRule[] = dropRuleSchema.options;

/** A drop rule as a number above 0. */
export function ruleCode(rule: DropRule): number {
  return rules.indexOf(rule) + 1;
}

/** The drop rule of a code. Throws RangeError for a code that none has. */
export function ruleOfCode(code: number): DropRule {
  const rule = rules[code - 1];
  if (rule === undefined) {
    throw new RangeError(`no drop rule has the code ${code}`);
  }
  return rule;
}
