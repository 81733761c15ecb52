// One pass over a text that tells which detectors can find anything in it: most texts need none.

export const signs = {
  /** An @. */
  at: 1,
  /** `://`. */
  url: 2,
  /** At least five digits with nothing but separators between them. */
  someDigits: 4,
  /** At least six such digits. */
  manyDigits: 8,
  /** Four numbers joined by dots. */
  dotted: 16,
  /** Two colons with at most four characters between them. */
  colons: 32,
  /** Sixteen or more characters of a key's alphabet without a gap. */
  token: 64,
  /** Five dashes in a row. */
  dashes: 128,
} as const;

const digit = 1;
const separator = 2;
const tokenCharacter = 4;
const special = 8;

/** What each ASCII character can be part of. */
const kinds = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  kinds[code] =
    (/\d/u.test(character) ? digit : 0) |
    (/[ ./()+-]/u.test(character) ? separator : 0) |
    (/[\w./+=-]/u.test(character) ? tokenCharacter : 0) |
    (/[@:.-]/u.test(character) ? special : 0);
}

/** The signs of a text, as a sum of `signs`. */
export function signsOf(text: string): number {
  let found = 0;
  let digits = 0;
  let dots = 0;
  let token = 0;
  let lastColon = -9;
  let dashes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Other scripts end tokens, and the no-break spaces of numbers go on with them.
    const kind =
      code < 128 ? (kinds[code] ?? 0) : code === 0xa0 || code === 0x20_2f || code === 0x20_11 ? separator : 0;
    if ((kind & tokenCharacter) === 0) {
      token = 0;
    } else {
      token += 1;
      if (token === 16) {
        found |= signs.token;
      }
    }
    if ((kind & digit) !== 0) {
      digits += 1;
      if (digits === 5) {
        found |= signs.someDigits;
      } else if (digits === 6) {
        found |= signs.manyDigits;
      }
      if (dots >= 3) {
        found |= signs.dotted;
      }
    } else if ((kind & separator) === 0) {
      digits = 0;
      dots = 0;
    }
    if ((kind & special) === 0) {
      continue;
    }
    if (code === 0x2e) {
      dots += 1;
    } else if (code === 0x40) {
      found |= signs.at;
    } else if (code === 0x3a) {
      if (index - lastColon <= 5) {
        found |= signs.colons;
      }
      lastColon = index;
      if (text.charCodeAt(index + 1) === 0x2f && text.charCodeAt(index + 2) === 0x2f) {
        found |= signs.url;
      }
    } else if (code === 0x2d) {
      dashes = text.charCodeAt(index - 1) === 0x2d ? dashes + 1 : 1;
      if (dashes === 5) {
        found |= signs.dashes;
      }
    }
  }
  return found;
}
