import { describe, expect, it } from 'vitest';
import { canonicalJson, hashOf, sha256 } from './canonical.ts';

describe('canonical JSON', () => {
  it('is the same whatever the order of keys, at every depth', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe('{"a":null,"b":[{"x":2,"y":1}]}');
  });

  it('sorts keys by UTF-16 code units, as RFC 8785 section 3.2.3 shows', () => {
    const keys = ['\u20AC', '\r', '\uFB33', '1', '\u{1F600}', '\u0080', '\u00F6'];
    const sorted = ['\r', '1', '\u0080', '\u00F6', '\u20AC', '\u{1F600}', '\uFB33'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(text).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
  });

  it('keeps the order of arrays', () => {
    expect(canonicalJson([2, 1])).toBe('[2,1]');
  });

  it('writes what yields items as an array', () => {
    expect(canonicalJson({ a: [1, 2].values(), b: new Set(['x']) })).toBe('{"a":[1,2],"b":["x"]}');
  });

  it('leaves out undefined members and keeps null ones', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s rather than writing null', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });

  it('says minus zero as zero', () => {
    expect(canonicalJson(-0)).toBe('0');
  });
});

describe('hashes', () => {
  it('are those of FIPS 180 for "abc", as text and as bytes', () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).toBe(expected);
    expect(sha256(Buffer.from('abc'))).toBe(expected);
  });

  it.each([0, 10_000, 100_000])('of values are those of their canonical JSON, with %i items', (items) => {
    const value = Array.from({ length: items }, (_, at) => ({ at, text: `é\u{1F600} ${at}` }));
    expect(hashOf(value)).toBe(sha256(canonicalJson(value)));
  });

  it('of values depend on content alone', () => {
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  });
});
