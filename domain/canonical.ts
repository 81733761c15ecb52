// Canonical JSON and SHA-256: the same value has the same hash on every machine.
import { createHash, hash, type Hash } from 'node:crypto';

/**
 * JSON with object keys in code-unit order and no white space, after RFC 8785 (JSON Canonicalization Scheme).
 * `undefined` members are left out. Whatever yields items, such as a generator, is written as an array is. Throws on NaN
 * and infinities, which JSON cannot carry.
 */
export function canonicalJson(value: unknown): string {
  const pieces: string[] = [];
  writeCanonical(value, (piece) => void pieces.push(piece));
  return pieces.join('');
}

/** Says the canonical JSON piece by piece; no piece ends within a character. */
function writeCanonical(value: unknown, write: (piece: string) => void): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`canonical JSON cannot hold ${value}`);
  }
  if (value === null || typeof value !== 'object') {
    write(JSON.stringify(value) ?? 'null');
    return;
  }
  let before = '';
  if (isIterable(value)) {
    write('[');
    for (const item of value) {
      write(before);
      writeCanonical(item, write);
      before = ',';
    }
    write(']');
    return;
  }
  const members: Readonly<Record<string, unknown>> = { ...value };
  write('{');
  // Without a comparison, strings are sorted by code units.
  for (const key of Object.keys(members).toSorted()) {
    if (members[key] !== undefined) {
      write(`${before}${JSON.stringify(key)}:`);
      writeCanonical(members[key], write);
      before = ',';
    }
  }
  write('}');
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hexadecimal (64 characters). */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}

/** SHA-256 of a value's canonical JSON, which is never in memory as a whole: suites have 100,000 rows. */
export function hashOf(value: unknown): string {
  let long: Hash | undefined;
  let text = '';
  writeCanonical(value, (piece) => {
    text += piece;
    if (text.length > pieceChars) {
      long ??= createHash('sha256');
      long.update(text);
      text = '';
    }
  });
  return long === undefined ? sha256(text) : long.update(text).digest('hex');
}

const pieceChars = 65_536;
