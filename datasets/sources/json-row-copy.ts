// Copies one row of a JSON document up to its end, on one line.
import { ByteFinder } from './byte-finder.ts';
import type { ChunkBuffer } from './chunk-buffer.ts';

const [lf, cr, space, quote, comma] = [0x0a, 0x0d, 0x20, 0x22, 0x2c];
const [openList, backslash, closeList, open, close] = [0x5b, 0x5c, 0x5d, 0x7b, 0x7d];

/** The place within a row, from one piece of the document to the next. What the row holds is not checked. */
export class JsonRowCopy {
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** True when the last copy reached the end of the row. */
  over = false;

  begin(): void {
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
    this.over = false;
  }

  /** Copies from `from` up to the row's end or that of the piece; returns where the last byte stands that was taken. */
  copy(piece: Uint8Array, from: number, marks: TextMarks, buffer: ChunkBuffer): number {
    const { bytes } = buffer;
    let [out, depth, inText, escaped] = [buffer.length, this.#depth, this.#inText, this.#escaped];
    let at = from;
    let over = false;
    for (; at < piece.length; at += 1) {
      if (inText && !escaped) {
        const end = marks.from(at);
        bytes.set(piece.subarray(at, end), out);
        out += end - at;
        at = end;
        if (at === piece.length) {
          break;
        }
      }
      const byte = piece[at] ?? 0;
      if (inText) {
        // A bare line break makes a text invalid, and must go on doing so without being one.
        bytes[out] = byte === lf ? 1 : byte;
        out += 1;
        if (escaped) {
          escaped = false;
        } else if (byte === backslash) {
          escaped = true;
        } else if (byte === quote) {
          inText = false;
          over = depth === 0;
        }
      } else if (byte === quote) {
        bytes[out] = byte;
        out += 1;
        inText = true;
      } else if (byte === lf || byte === cr) {
        bytes[out] = space;
        out += 1;
      } else if (depth === 0 && (byte === comma || byte === closeList || byte === close)) {
        // A number or a word has no end of its own.
        at -= 1;
        over = true;
      } else {
        bytes[out] = byte;
        out += 1;
        if (byte === open || byte === openList) {
          depth += 1;
        } else if (byte === close || byte === closeList) {
          depth -= 1;
          over = depth === 0;
        }
      }
      if (over) {
        break;
      }
    }
    buffer.length = out;
    this.#depth = depth;
    this.#inText = inText;
    this.#escaped = escaped;
    this.over = over;
    return at;
  }
}

/** Where something happens within a text: it ends, something is escaped, or a line break stands where none may. */
export class TextMarks {
  readonly #quotes: ByteFinder;
  readonly #backslashes: ByteFinder;
  readonly #lineFeeds: ByteFinder;

  constructor(piece: Uint8Array) {
    this.#quotes = new ByteFinder(piece, quote);
    this.#backslashes = new ByteFinder(piece, backslash);
    this.#lineFeeds = new ByteFinder(piece, lf);
  }

  from(position: number): number {
    return Math.min(this.#quotes.from(position), this.#backslashes.from(position), this.#lineFeeds.from(position));
  }
}
