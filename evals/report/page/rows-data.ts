// The rows as they lie in the report's file: columns of numbers behind a dictionary of texts.

/** What is said about the rows in plain JSON; the columns lie beside it as compressed bytes. */
export interface RowsHeader {
  readonly format: 1;
  /** Rows in this file. */
  readonly rows: number;
  /** Rows of the contest. */
  readonly total: number;
  /** Longest text in characters; longer ones are cut and say so. */
  readonly textLimit: number;
  /** Name of what the score counts, for people. */
  readonly metric: string;
  /** True when every score is 0 or 1. */
  readonly binary: boolean;
  /** The candidate first. */
  readonly arms: readonly { readonly label: string; readonly name: string }[];
  /** Position of the arm that the candidate is compared with at first. */
  readonly opponent: number;
  readonly slices: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly length: number }[];
}

export type ColumnType = 'u8' | 'u32' | 'f32' | 'utf8';
export type Column = Uint8Array | Uint32Array | Float32Array;

/** What became of one answer; the page shows a sign and a word for each. */
export const states = { right: 0, partly: 1, wrong: 2, unreadable: 3, refused: 4, missing: 5, unasked: 6 } as const;

/** The decoded rows. */
export interface RowsData {
  readonly header: RowsHeader;
  /** Number of different texts. */
  readonly texts: number;
  /** A text by its number in the dictionary. */
  readonly text: (reference: number) => string;
  /** A column by name; a name that is not there has no entry at all. */
  readonly column: (name: string) => Column | undefined;
}

/**
 * Reads the columns in the order of the header. The first two are the UTF-16 lengths of all texts and the texts
 * themselves. Throws RangeError when the bytes end too early.
 */
export function decodeRows(header: RowsHeader, bytes: Uint8Array): RowsData {
  const columns = new Map<string, Column>();
  let pool = '';
  let offset = 0;
  for (const { name, type, length } of header.columns) {
    const size = length * (type === 'u32' || type === 'f32' ? 4 : 1);
    if (offset + size > bytes.length) {
      throw new RangeError(`the rows end within ${name}`);
    }
    // A copy, because typed arrays must begin at a multiple of their size.
    const part = bytes.slice(offset, offset + size);
    offset += size;
    if (type === 'utf8') {
      // A byte order mark at the beginning of a text is part of it.
      pool = new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
    } else if (type === 'u32') {
      columns.set(name, new Uint32Array(part.buffer));
    } else {
      columns.set(name, type === 'f32' ? new Float32Array(part.buffer) : part);
    }
  }
  const lengths = columns.get('lengths') ?? new Uint32Array();
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, index) => {
    starts[index + 1] = (starts[index] ?? 0) + length;
  });
  return {
    header,
    texts: lengths.length,
    text: (reference) => pool.slice(starts[reference] ?? 0, starts[reference + 1] ?? 0),
    column: (name) => columns.get(name),
  };
}
