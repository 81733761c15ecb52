// Writes one file in large pieces.
import { open, type FileHandle } from 'node:fs/promises';

const pieceBytes = 1024 * 1024;

export class FileWriter {
  readonly #handle: FileHandle;
  #buffer = Buffer.allocUnsafeSlow(pieceBytes * 2);
  #end = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Replaces what the file held; readable by its owner alone. */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, 'w', 0o600));
  }

  /** True when `flush` should be awaited before more is added. */
  add(bytes: Uint8Array): boolean {
    if (this.#end + bytes.length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow((this.#end + bytes.length) * 2);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
    return this.#end >= pieceBytes;
  }

  async flush(): Promise<void> {
    for (let at = 0; at < this.#end;) {
      const { bytesWritten } = await this.#handle.write(this.#buffer, at, this.#end - at);
      at += bytesWritten;
    }
    this.#end = 0;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#handle.close();
  }
}
