// Finds the rows of a JSON document byte by byte and writes each on a line of its own. Nesting costs a counter, no stack.
import { BadInput } from '../../domain/bad-input.ts';
import type { ChunkBuffer } from './chunk-buffer.ts';
import { JsonRowCopy, TextMarks } from './json-row-copy.ts';
import { maxRecordBytes } from './limits.ts';
import type { Malformed } from './source-file.ts';

const [tab, lf, cr, space, quote, comma, colon] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a];
const [openList, backslash, closeList, open, close] = [0x5b, 0x5c, 0x5d, 0x7b, 0x7d];

/**
 * Where in the document the next byte is: before it, among the members of the object around the rows, at the beginning
 * of a list that may be the rows, between rows, in a row, in another value, or behind the document.
 */
type Place = 'before' | 'members' | 'list' | 'between' | 'row' | 'other' | 'behind';

/** Takes the document piece by piece; whole rows lie in the buffer up to `end`. What a row holds is not checked. */
export class JsonRows {
  readonly #buffer: ChunkBuffer;
  readonly #file: string;
  readonly #malformed: Malformed;
  #place: Place = 'before';
  #depth = 0;
  readonly #copy = new JsonRowCopy();
  #inText = false;
  #escaped = false;
  /** A row or a member ended, and a comma or the end must come. */
  #needsComma = false;
  #afterComma = false;
  #afterColon = false;
  /** The list of rows is a member of an object. */
  #wrapped = false;
  #found = false;
  #rowBytes = 0;
  #skipping = false;
  end = 0;
  /** Number of the row that is read, or comes next. */
  row = 1;

  constructor(buffer: ChunkBuffer, file: string, malformed: Malformed) {
    this.#buffer = buffer;
    this.#file = file;
    this.#malformed = malformed;
  }

  read(piece: Uint8Array): void {
    const buffer = this.#buffer;
    // Each byte may end a row, and then takes a line feed along.
    buffer.reserve(2 * piece.length);
    const marks = new TextMarks(piece);
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (this.#place === 'row') {
        at = this.#readRow(piece, at, marks);
      } else if (this.#inText) {
        this.#text(byte);
      } else if (byte !== space && byte !== lf && byte !== cr && byte !== tab) {
        at -= this.#outside(byte) ? 0 : 1;
      }
    }
  }

  /** Throws BadInput when the document is not over. */
  finish(): void {
    if (this.#place !== 'behind') {
      throw this.#broken(this.#place === 'before' ? 'the file is empty' : 'the JSON document is cut off');
    }
    if (this.#wrapped && !this.#found) {
      throw new BadInput('the JSON object has no member that is a list of objects', {
        where: this.#file,
        hint: 'A JSON source is a list of objects, or an object with one such list; `format: jsonl` is for one object a line.',
      });
    }
  }

  #text(byte: number): void {
    if (this.#escaped) {
      this.#escaped = false;
    } else if (byte === backslash) {
      this.#escaped = true;
    } else if (byte === quote) {
      this.#inText = false;
    }
  }

  #readRow(piece: Uint8Array, from: number, marks: TextMarks): number {
    const start = this.#buffer.length;
    const at = this.#copy.copy(piece, from, marks, this.#buffer);
    this.#rowBytes += this.#buffer.length - start;
    if (this.#skipping) {
      this.#buffer.length = start;
    } else if (this.#rowBytes > maxRecordBytes) {
      this.#tooLarge();
    }
    if (this.#copy.over) {
      this.#endRow();
    }
    return at;
  }

  #tooLarge(): void {
    if (this.#malformed === 'stop') {
      throw new BadInput('the record is larger than 1 MiB', { where: `${this.#file}:${this.row}` });
    }
    this.#buffer.report({ line: this.row, problem: 'is larger than 1 MiB' });
    this.#buffer.length = this.end;
    this.#skipping = true;
  }

  #endRow(): void {
    const { bytes, length } = this.#buffer;
    // Also for a row that is skipped: an empty line keeps the count.
    bytes[length] = lf;
    this.#buffer.length += 1;
    this.end = this.#buffer.length;
    this.row += 1;
    this.#place = 'between';
    this.#needsComma = true;
    this.#afterComma = false;
    this.#skipping = false;
    this.#rowBytes = 0;
  }

  /** A byte that is no white space, outside of rows and texts. False when it has to be read again. */
  #outside(byte: number): boolean {
    switch (this.#place) {
      case 'before':
        if (byte !== openList && byte !== open) {
          throw this.#broken('the file is neither a JSON list nor a JSON object');
        }
        this.#wrapped = byte === open;
        this.#found = byte === openList;
        this.#place = byte === open ? 'members' : 'between';
        return true;
      case 'members':
        this.#member(byte);
        return true;
      case 'list':
        return this.#beginList(byte);
      case 'between':
        return this.#between(byte);
      case 'other':
        this.#inText = byte === quote;
        this.#depth += byte === open || byte === openList ? 1 : byte === close || byte === closeList ? -1 : 0;
        this.#place = this.#depth === 0 ? 'members' : 'other';
        return true;
      case 'row':
      case 'behind':
        throw new BadInput('something follows the JSON document', {
          where: this.#file,
          hint: 'A file with one object a line has `format: jsonl`.',
        });
      default:
        return this.#place satisfies never;
    }
  }

  #member(byte: number): void {
    if (byte === close) {
      this.#place = 'behind';
    } else if (byte === quote) {
      this.#inText = true;
      this.#afterColon = false;
    } else if (byte === colon) {
      this.#afterColon = true;
    } else if (byte === openList && this.#afterColon) {
      this.#place = 'list';
    } else if (byte === open && this.#afterColon) {
      this.#depth = 1;
      this.#place = 'other';
    } else if (byte === openList || byte === open || byte === closeList) {
      throw this.#broken('the JSON document is broken');
    }
  }

  /** What the first item is tells whether a list of a member holds the rows. */
  #beginList(byte: number): boolean {
    if (byte !== open) {
      this.#depth = 1;
      this.#place = 'other';
      return false;
    }
    if (this.#found) {
      throw new BadInput('the JSON object has more than one list of objects', {
        where: this.#file,
        hint: 'Which one holds the rows cannot be told: save it as a file of its own.',
      });
    }
    this.#found = true;
    this.#place = 'between';
    this.#needsComma = false;
    this.#afterComma = false;
    return false;
  }

  #between(byte: number): boolean {
    if (byte === comma && this.#needsComma) {
      this.#needsComma = false;
      this.#afterComma = true;
      return true;
    }
    if (byte === closeList && !this.#afterComma) {
      this.#place = this.#wrapped ? 'members' : 'behind';
      return true;
    }
    if (byte === comma || byte === closeList || byte === close || byte === colon || this.#needsComma) {
      throw this.#broken(`the JSON document is broken in front of row ${this.row}`);
    }
    this.#place = 'row';
    this.#copy.begin();
    return false;
  }

  #broken(message: string): BadInput {
    return new BadInput(message, { where: this.row === 1 ? this.#file : `${this.#file}:${this.row}` });
  }
}
