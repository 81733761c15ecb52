// Files of one curation that are no result: rows and band hashes that need not be in memory.
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetRow } from '../../domain/dataset.ts';
import type { RowLines } from './row-table.ts';

/** A folder of appended files that is removed as a whole. */
export class ScratchFiles {
  readonly folder: string;
  readonly #open = new Map<string, FileHandle>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A new folder below `parent`, readable by its owner alone. */
  static async create(parent: string): Promise<ScratchFiles> {
    return new ScratchFiles(await mkdtemp(join(parent, 'contender-curate-')));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async append(name: string, bytes: Uint8Array): Promise<void> {
    let handle = this.#open.get(name);
    if (handle === undefined) {
      handle = await open(this.path(name), 'a', 0o600);
      this.#open.set(name, handle);
    }
    // write() may write less than it was given.
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  }

  /** Closes what `append` opened. */
  async close(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(handles.map((handle) => handle.close()));
  }

  /** Reads as many 32-bit numbers as there is room for. Throws when the file has fewer. */
  async readNumbers(name: string, into: Int32Array): Promise<void> {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const file = await open(this.path(name), 'r');
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at);
        if (bytesRead === 0) {
          throw new Error(`${name} ends after ${at} bytes`);
        }
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Reads rows by number from the file of row lines. */
export class RowReader {
  readonly #file: number;
  readonly #lines: RowLines;
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  constructor(path: string, lines: RowLines) {
    this.#file = openSync(path, 'a+');
    this.#lines = lines;
  }

  /** The row's line with its line feed; valid until the next call. */
  line(index: number): Buffer {
    const start = this.#lines[index] ?? 0;
    const length = (this.#lines[index + 1] ?? 0) - start;
    if (length > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(length * 2);
    }
    for (let done = 0; done < length;) {
      const read = readSync(this.#file, this.#buffer, done, length - done, start + done);
      if (read === 0) {
        throw new Error(`row ${index} is not in the scratch file`);
      }
      done += read;
    }
    return this.#buffer.subarray(0, length);
  }

  /** The row, as `datasetRowSchema` says; this process wrote it. */
  row(index: number): DatasetRow {
    return JSON.parse(this.line(index).toString('utf8'));
  }

  close(): void {
    closeSync(this.#file);
  }
}
