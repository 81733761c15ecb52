// JSON as a list of fields: what extraction is scored by.
import { canonicalJson } from '../../domain/canonical.ts';

/** One value that holds no others, with the path to it: `items[].price`. */
export interface LeafField {
  readonly path: string;
  /** Canonical JSON of the value; equal texts are equal values of the same type. */
  readonly value: string;
}

/**
 * Leaves of a JSON value. Positions in arrays are left out of paths, so that arrays compare as multisets. An empty
 * array or object is a leaf. Texts are compared by `plainText`, numbers by value, and `5` is not `"5"`.
 */
export function leafFields(value: unknown, path = ''): LeafField[] {
  if (typeof value !== 'object' || value === null) {
    return [{ path, value: canonicalJson(typeof value === 'string' ? plainText(value) : value) }];
  }
  const members: [string, unknown][] = Array.isArray(value)
    ? value.map((item) => [`${path}[]`, item])
    : Object.entries(value).map(([key, member]) => [path === '' ? step(key) : `${path}.${step(key)}`, member]);
  return members.length === 0
    ? [{ path, value: Array.isArray(value) ? '[]' : '{}' }]
    : members.flatMap(([inner, member]) => leafFields(member, inner));
}

/** A key within a path: cut where no key of ours is that long, quoted where it holds what paths are made of. */
function step(key: string): string {
  const cut = key.slice(0, 100);
  return /[.[\]"]/u.test(cut) ? JSON.stringify(cut) : cut;
}

/** Text in Unicode NFKC, without control and format characters, runs of white space as one space, trimmed; case is kept. */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

/** Canonical JSON of a value with plain texts and sorted arrays: equal when all fields are, in whatever order arrays list them. */
export function unorderedJson(value: unknown): string {
  return canonicalJson(unordered(value));
}

function unordered(value: unknown): unknown {
  if (typeof value === 'string') {
    return plainText(value);
  }
  if (Array.isArray(value)) {
    const items = value.map((each) => {
      const item = unordered(each);
      return { item, text: canonicalJson(item) };
    });
    return items.toSorted((left, right) => (left.text < right.text ? -1 : 1)).map(({ item }) => item);
  }
  if (typeof value === 'object' && value !== null) {
    // fromEntries defines members, so that a key named __proto__ stays a key.
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unordered(member)]));
  }
  return value;
}

/** Values by path, each path with the multiset of its values. */
export function fieldsByPath(fields: readonly LeafField[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const { path, value } of fields) {
    const values = byPath.get(path);
    if (values === undefined) {
      byPath.set(path, [value]);
    } else {
      values.push(value);
    }
  }
  return byPath;
}

/** How many values two multisets share. */
export function sharedCount(left: readonly string[], right: readonly string[]): number {
  const remaining = new Map<string, number>();
  for (const value of right) {
    remaining.set(value, (remaining.get(value) ?? 0) + 1);
  }
  let shared = 0;
  for (const value of left) {
    const count = remaining.get(value) ?? 0;
    if (count > 0) {
      remaining.set(value, count - 1);
      shared += 1;
    }
  }
  return shared;
}
