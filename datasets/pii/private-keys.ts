// Private keys in PEM and OpenPGP armour (RFC 7468, RFC 9580), also where the end of the block was cut off.
import type { Found } from './finding.ts';

const label = /^-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/u;
const footer = /^-----END [A-Z0-9 ]{1,60}-----/u;
/** Base64, headers such as `Proc-Type: 4,ENCRYPTED`, and the line breaks of JSON strings. */
const bodyCharacter = /[\w+/=:,.\\()\s-]/u;

export function findPrivateKeys(text: string, found: Found): void {
  let from = 0;
  for (let start = text.indexOf('-----BEGIN ', from); start >= 0; start = text.indexOf('-----BEGIN ', from)) {
    const header = label.exec(text.slice(start, start + 90))?.[0];
    if (header === undefined) {
      from = start + 11;
      continue;
    }
    const body = start + header.length;
    const end = endOf(text, body);
    from = Math.max(end, body);
    // A heading alone is talk about keys.
    if (end - body >= 40) {
      found('private_key', start, end);
    }
  }
}

function endOf(text: string, body: number): number {
  const dashes = text.indexOf('-----', body);
  if (dashes >= 0) {
    const closing = footer.exec(text.slice(dashes, dashes + 80))?.[0];
    if (closing !== undefined) {
      return dashes + closing.length;
    }
  }
  const limit = dashes >= 0 ? dashes : text.length;
  let end = body;
  while (end < limit && bodyCharacter.test(text.charAt(end))) {
    end += 1;
  }
  return end;
}
