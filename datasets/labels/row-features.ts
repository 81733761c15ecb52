// The features of many rows, packed into typed arrays.

const chunkSize = 2 ** 20;

/** Rows are numbered from 0 in the order in which they were added. Four bytes for each distinct feature of a row. */
export class RowFeatures {
  #chunks: Uint32Array[] = [];
  #views: Uint32Array[] = [];
  #used = chunkSize;
  /** Features of all rows together. */
  total = 0;

  get rows(): number {
    return this.#views.length;
  }

  add(features: Uint32Array): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#used + features.length > chunk.length) {
      chunk = new Uint32Array(Math.max(chunkSize, features.length));
      this.#chunks.push(chunk);
      this.#used = 0;
    }
    chunk.set(features, this.#used);
    this.#views.push(chunk.subarray(this.#used, this.#used + features.length));
    this.#used += features.length;
    this.total += features.length;
  }

  of(row: number): Uint32Array {
    return this.#views[row] ?? new Uint32Array();
  }
}
