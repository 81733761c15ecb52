// Which keys the store accepts, the same for every adapter.
import { BadInput } from '../domain/bad-input.ts';

const segment = /^[A-Za-z0-9._=@-]+$/u;
// S3 allows 1,024 bytes for a whole key; 255 bytes is the longest file name of common file systems.
const maxKeyLength = 900;
const maxSegmentLength = 255;

/** The key as given. Throws BadInput for absolute keys, empty, `.` or `..` segments and characters outside the port's set. */
export function checkedKey(key: string): string {
  const wrong = key.length > maxKeyLength || key.split('/').some((part) => !isSegment(part));
  if (wrong) {
    throw new BadInput(`"${key.slice(0, 120)}" is not an object key`, { hint: keyHint });
  }
  return key;
}

/** A prefix as given: empty, or the beginning of a key. Throws BadInput like `checkedKey`. */
export function checkedPrefix(prefix: string): string {
  const parts = prefix.split('/');
  const last = parts.pop() ?? '';
  const wrong = parts.some((part) => !isSegment(part)) || (last !== '' && !segment.test(last)) || last === '..';
  if (wrong) {
    throw new BadInput(`"${prefix.slice(0, 120)}" is not a prefix of object keys`, { hint: keyHint });
  }
  return prefix;
}

const keyHint = 'Keys are relative paths of [A-Za-z0-9._=@-] segments, none of them "." or "..".';

function isSegment(part: string): boolean {
  return part !== '.' && part !== '..' && part.length <= maxSegmentLength && segment.test(part);
}
