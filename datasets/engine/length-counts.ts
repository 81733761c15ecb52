// How long texts are: exact quantiles from counts, without keeping the texts.

/** Counts of lengths in UTF-16 code units. */
export class LengthCounts {
  #counts = new Uint32Array(1024);
  #total = 0;

  add(length: number): void {
    if (length >= this.#counts.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(length + 1)));
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[length] = (this.#counts[length] ?? 0) + 1;
    this.#total += 1;
  }

  /** The smallest length that at least this part of the texts (0 to 1) does not exceed; undefined without texts. */
  quantile(part: number): number | undefined {
    let seen = 0;
    const wanted = Math.max(1, Math.ceil(part * this.#total));
    for (const [length, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted && this.#total > 0) {
        return length;
      }
    }
    return undefined;
  }

  /** Texts by length in classes that double: up to 16, 17 to 32, 33 to 64 and so on, as far as there are any. */
  classes(): { readonly upTo: number; readonly rows: number }[] {
    const classes: { upTo: number; rows: number }[] = [];
    for (const [length, count] of this.#counts.entries()) {
      if (count > 0) {
        const upTo = 2 ** Math.max(4, Math.ceil(Math.log2(Math.max(length, 1))));
        const last = classes.at(-1);
        if (last?.upTo === upTo) {
          last.rows += count;
        } else {
          classes.push({ upTo, rows: count });
        }
      }
    }
    return classes;
  }
}
