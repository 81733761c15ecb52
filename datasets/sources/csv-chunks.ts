// Cuts CSV into chunks at the ends of records. A quote that opens or closes changes what a line break means.
import { BadInput } from '../../domain/bad-input.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { csvHeader } from './csv-header.ts';
import { ByteFinder } from './byte-finder.ts';
import { maxRecordBytes } from './limits.ts';
import { holdsSomething } from './jsonl-chunks.ts';
import type { ChunkOptions, RecordChunk, SourceFile } from './source-file.ts';
import { withHead } from './with-head.ts';

const lf = 0x0a;
const cr = 0x0d;
const quote = 0x22;

/**
 * Throws BadInput for a file without a header or without rows, a header that names a column twice or is broken, and
 * a record of more than 1 MiB, unless it is to be dropped and no quote is open. Quotes that stand where none may are
 * found by who reads the chunk; up to there the chunks are right.
 */
export async function* csvChunks(
  text: AsyncIterable<Uint8Array>,
  file: Pick<SourceFile, 'path' | 'delimiter'> & { readonly tabs: boolean },
  options: ChunkOptions,
  onDelimiter: (delimiter: string) => void,
): AsyncGenerator<RecordChunk> {
  const { head, all } = await withHead(text, maxRecordBytes + 1);
  try {
    const header = csvHeader(head, file);
    onDelimiter(header.delimiter);
    const of = {
      kind: 'csv',
      file: file.path,
      malformed: options.malformed,
      header: header.names,
      headerLine: header.line,
      delimiter: header.delimiter,
    } as const;
    yield* cutRecords(all, new ChunkBuffer(of, options, header.nextLine), {
      skip: header.end,
      file: file.path,
      options,
    });
  } finally {
    await all.return(undefined);
  }
}

async function* cutRecords(
  text: AsyncIterable<Uint8Array>,
  buffer: ChunkBuffer,
  { skip, file, options }: { readonly skip: number; readonly file: string; readonly options: ChunkOptions },
): AsyncGenerator<RecordChunk> {
  const scan = new RecordScan(buffer.firstLine);
  let toSkip = skip;
  let seen = false;
  for await (const whole of text) {
    for (let offset = Math.min(toSkip, whole.length); offset < whole.length; offset += buffer.step) {
      scan.read(whole.subarray(offset, offset + buffer.step), buffer);
      const tooLong = buffer.length - scan.end > maxRecordBytes;
      if (scan.end >= buffer.wanted || tooLong) {
        const chunk = buffer.cut(scan.end, scan.endLine);
        scan.end = 0;
        if (holdsSomething(chunk)) {
          seen = true;
          yield chunk;
        }
      }
      if (tooLong || scan.quotedBytes > maxRecordBytes) {
        dropRecord(scan, buffer, file, options);
      }
    }
    toSkip = Math.max(0, toSkip - whole.length);
  }
  const last = buffer.cut(buffer.length, scan.line);
  if (holdsSomething(last)) {
    yield last;
  } else if (!seen) {
    throw new BadInput('the file has a header and no rows', { where: file });
  }
}

function dropRecord(scan: RecordScan, buffer: ChunkBuffer, file: string, { malformed }: ChunkOptions): void {
  if (malformed === 'stop' || scan.quoted) {
    throw new BadInput('the record is larger than 1 MiB', {
      where: `${file}:${scan.endLine}`,
      ...(scan.quoted ? { hint: 'A quote that is open there may never be closed.' } : {}),
    });
  }
  buffer.report({ line: scan.endLine, problem: 'is larger than 1 MiB' });
  buffer.discard(buffer.length, scan.line);
  scan.skipping = true;
}

/** Follows quotes and line breaks: LF, CRLF or a lone CR, as RFC 4180 files really have them. */
class RecordScan {
  /** Where the last whole record of the buffer ends, and the line on which the next one starts. */
  end = 0;
  endLine: number;
  /** Line of the byte that comes next. */
  line: number;
  quoted = false;
  /** Bytes since a quote was opened in a record that is being skipped. */
  quotedBytes = 0;
  /** True up to the end of a record that is too large. */
  skipping = false;
  #afterCr = false;

  constructor(firstLine: number) {
    this.line = firstLine;
    this.endLine = firstLine;
  }

  read(piece: Uint8Array, buffer: ChunkBuffer): void {
    const [lfs, crs, quoteMarks] = [new ByteFinder(piece, lf), new ByteFinder(piece, cr), new ByteFinder(piece, quote)];
    // The second half of a line break whose first half has left.
    let at = this.#afterCr && buffer.length === 0 && piece[0] === lf ? 1 : 0;
    let from = at;
    for (;;) {
      const lineBreak = Math.min(lfs.from(at), crs.from(at));
      const mark = quoteMarks.from(at);
      if (mark < lineBreak) {
        this.quoted = !this.quoted;
        at = mark + 1;
        continue;
      }
      if (lineBreak === piece.length) {
        break;
      }
      const second = lineBreak === 0 && this.#afterCr && piece[0] === lf;
      this.line += second ? 0 : 1;
      at = lineBreak + (piece[lineBreak] === cr && piece[lineBreak + 1] === lf ? 2 : 1);
      if (!this.quoted) {
        if (this.skipping) {
          this.skipping = false;
          buffer.firstLine = this.line;
          from = at;
        }
        this.end = buffer.length + at - from;
        this.endLine = this.line;
      }
    }
    this.#afterCr = piece.at(-1) === cr;
    this.quotedBytes = this.skipping && this.quoted ? this.quotedBytes + piece.length : 0;
    if (!this.skipping) {
      buffer.append(piece.subarray(from));
    }
  }
}
