// Lines of text as UTF-8 in one growing buffer.

export class LineWriter {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #end = 0;

  /** Adds the line and its line feed; returns the bytes that took. */
  add(line: string): number {
    // A UTF-16 code unit has at most 3 bytes in UTF-8.
    const room = line.length * 3 + 1;
    if (this.#end + room > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#end + room));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    const written = this.#bytes.write(line, this.#end, 'utf8');
    this.#bytes[this.#end + written] = 0x0a;
    this.#end += written + 1;
    return written + 1;
  }

  /** What was written, in memory of its own; the writer is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#end);
    taken.set(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    return taken;
  }
}
