// Internet addresses that can stand for a person's line: public ones. Private-use, loopback, link-local, multicast and
// unspecified addresses and network masks name nobody outside their network (RFC 6890) and are left alone.
import { isIPv6 } from 'node:net';
import type { Found } from './finding.ts';
import { follows, isDigitAt, isWordAt } from './near-words.ts';

const four = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/gu;
/** Words before four numbers that are a version, a place in a document or an object identifier. */
const version =
  /(?:(?:version|\b(?:v|ver|release|firmware|build|driver|revision|rev|kernel|sdk|runtime|assembly|section|chapter|clause|paragraph|article|oid|update|upgrade[ds]?|patch|tag))\b[\s:#="'(v]{0,4}|§{1,2} ?|\bv\.? ?|[=@^~<>]=? ?v?)$/iu;

export function findIpv4(text: string, found: Found): void {
  for (const match of text.matchAll(four)) {
    const [start, end] = [match.index, match.index + match[0].length];
    const before = text.charAt(start - 1);
    const alone =
      !isWordAt(text, start - 1) &&
      before !== '.' &&
      before !== '-' &&
      !isWordAt(text, end) &&
      !(text.charAt(end) === '.' && isDigitAt(text, end + 1)) &&
      !(text.charAt(end) === '-' && isWordAt(text, end + 1));
    if (alone && isPublicIpv4(match[0]) && !isVersion(text, start)) {
      found('ip', start, end);
    }
  }
}

/** `host=1.2.3.4` is an address all the same. */
function isVersion(text: string, start: number): boolean {
  return (
    follows(text, start, version) &&
    !follows(text, start, /(?:ip|addr(?:ess)?|host|server|client|peer|from|src|dst)["']?\s?[=:] ?$/iu)
  );
}

function isPublicIpv4(address: string): boolean {
  const parts = address.split('.');
  if (parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) {
    return false;
  }
  const [a = 0, b = 0] = parts.map(Number);
  return !(
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168)
  );
}

/** Global unicast, 2000::/3 (RFC 4291), is all that is public in IPv6. */
const global = /[23][\da-f]{3}:(?:[\da-f]{0,4}:){1,6}[\da-f]{0,4}/giu;

export function findIpv6(text: string, found: Found): void {
  for (const match of text.matchAll(global)) {
    const start = match.index;
    // A colon behind the address belongs to the sentence.
    const address = /[^:]:$/u.test(match[0]) ? match[0].slice(0, -1) : match[0];
    const end = start + address.length;
    const alone =
      !isWordAt(text, start - 1) &&
      text.charAt(start - 1) !== ':' &&
      text.charAt(start - 1) !== '-' &&
      !isWordAt(text, end);
    if (alone && isIPv6(address)) {
      found('ip', start, end);
    }
  }
}
