// Words of a text as positions and hashes, found in one pass and without a string for each.

const separator = 0;
const inWord = 1;
const ownWord = 2;
const ignored = 3;

// Each character of a script that is written without spaces is a word, and so is each sign that changes what a
// formula or a price says. Apostrophes and invisible joiners are passed over: don't, don’t and dont are one word.
/** What is passed over within words, every occurrence. */
export const ignoredInWords = /['’\u00ad\u200b-\u200d\u2060\ufeff]/gu;

const classes: readonly (readonly [RegExp, number])[] = [
  [new RegExp(ignoredInWords.source, 'u'), ignored],
  [/[\p{Sc}+<=>¬±×÷\u2190-\u22ff]/u, ownWord],
  [/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u, ownWord],
  [/[\p{L}\p{N}\p{M}]/u, inWord],
];

let table: Uint8Array | undefined;

/** The class of every UTF-16 code unit. Takes some milliseconds once, then a look-up for each character. */
function classTable(): Uint8Array {
  table ??= Uint8Array.from({ length: 0x1_00_00 }, (_, unit) => {
    const character = String.fromCharCode(unit);
    return classes.find(([pattern]) => pattern.test(character))?.[1] ?? separator;
  });
  return table;
}

/** Beyond the first plane: emoji part words, ideographs are words, the letters of rare scripts make words. */
function classBeyond(point: number): number {
  return point >= 0x2_00_00 ? ownWord : point >= 0x1_f0_00 ? separator : inWord;
}

/** The 32-bit finaliser of MurmurHash3. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85_eb_ca_6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The words of the text that was scanned last. The arrays are used again for the next text and may be longer than `count`. */
export class WordScan {
  count = 0;
  /** Offset of each word's first code unit. */
  starts = new Uint32Array(256);
  /** Offset after each word's last code unit. */
  ends = new Uint32Array(256);
  hashes = new Uint32Array(256);
  readonly #classes = classTable();

  /** Finds the words of a text. Whether case counts is up to the text: hashes are of the code units as they stand. */
  scan(text: string): void {
    this.count = 0;
    let start = -1;
    let end = 0;
    let hash = 0;
    let before = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      let kind = this.#classes[unit] ?? separator;
      let width = 1;
      if (unit >= 0xd8_00 && unit < 0xdc_00) {
        const point = text.codePointAt(index) ?? 0;
        if (point > 0xff_ff) {
          kind = classBeyond(point);
          width = 2;
        }
      } else if (kind === separator && isDigit(before) && isOperator(unit) && isDigit(text.charCodeAt(index + 1))) {
        kind = ownWord;
      }
      before = unit;
      if (kind === ignored) {
        continue;
      }
      if (kind === inWord) {
        if (start === -1) {
          start = index;
          hash = 0x81_1c_9d_c5;
        }
        // FNV-1a over UTF-16 code units.
        hash = Math.imul(hash ^ unit, 0x01_00_01_93);
        if (width === 2) {
          hash = Math.imul(hash ^ text.charCodeAt(index + 1), 0x01_00_01_93);
        }
        end = index + width;
      } else {
        if (start !== -1) {
          this.#add(start, end, hash);
          start = -1;
        }
        if (kind === ownWord) {
          const low = width === 2 ? text.charCodeAt(index + 1) : 0;
          this.#add(index, index + width, Math.imul(unit ^ 0x81_1c_9d_c5, 0x01_00_01_93) ^ low);
        }
      }
      index += width - 1;
    }
    if (start !== -1) {
      this.#add(start, end, hash);
    }
  }

  #add(start: number, end: number, hash: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
      this.hashes = grown(this.hashes);
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.hashes[this.count] = mix(hash);
    this.count += 1;
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** `*`, `-` and `/`: between digits they tell 3*4 from 3/4, elsewhere they are hyphens and markup. */
function isOperator(unit: number): boolean {
  return unit === 0x2a || unit === 0x2d || unit === 0x2f;
}
