// Hash tables of runs of words: which place in the references begins with the same words.

const base = 0x01_00_01_93;

/** Hashes of any run of words of one text, in constant time each: a polynomial over the words' hashes, modulo 2^32. */
export class RunHashes {
  #prefixes = new Uint32Array(257);
  #powers = new Uint32Array(1);

  constructor() {
    this.#powers[0] = 1;
  }

  /** Takes `count` words from `start` on. */
  read(words: Uint32Array, start: number, count: number): void {
    if (count + 1 > this.#prefixes.length) {
      this.#prefixes = new Uint32Array((count + 1) * 2);
    }
    const prefixes = this.#prefixes;
    let prefix = 0;
    prefixes[0] = 0;
    for (let index = 0; index < count; index += 1) {
      prefix = (Math.imul(prefix, base) + (words[start + index] ?? 0)) >>> 0;
      prefixes[index + 1] = prefix;
    }
  }

  /** Hash of the `length` words from the `first` one that was read. */
  hash(first: number, length: number): number {
    const power = this.#powers[length] ?? this.#extend(length);
    const value = (this.#prefixes[first + length] ?? 0) - Math.imul(this.#prefixes[first] ?? 0, power);
    const mixed = Math.imul(value ^ (value >>> 16) ^ length, 0x85_eb_ca_6b);
    return (mixed ^ (mixed >>> 13)) >>> 0;
  }

  #extend(length: number): number {
    const powers = Uint32Array.from({ length: length + 1 }, () => 1);
    for (let index = 1; index <= length; index += 1) {
      powers[index] = Math.imul(powers[index - 1] ?? 1, base);
    }
    this.#powers = powers;
    return powers[length] ?? 1;
  }
}

/** Slots for that many entries: a power of two, at most five sevenths full. */
export function slotsFor(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(entries, 1) * 1.4));
}

/** Whether two runs have the same hashes, word for word. */
export function sameRun(left: Uint32Array, at: number, right: Uint32Array, from: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (left[at + index] !== right[from + index]) {
      return false;
    }
  }
  return true;
}
