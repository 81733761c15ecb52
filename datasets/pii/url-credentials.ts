// Addresses that let in whoever has them: a password before the @, or a token in the query.
import type { Found } from './finding.ts';
import { bitsPerCharacter } from './randomness.ts';

const longestUrl = 2048;
const urlEnd = /[\s"'<>`|\\^{}“”‘’«»]/u;
const scheme = /[a-z][a-z\d+.-]{0,19}$/iu;
/** What stands where a password would: references to variables, stars, examples in brackets. */
const placeholder = /^(?:\*+|x+|\.{2,}|%s|\$.*|\[.*|pass(?:word|wd)?|secret|token|your.*|changeme)$/iu;
const query =
  /[?&#;](?:access_token|auth_token|refresh_token|id_token|token|api[_-]?key|apikey|key(?==[^&#;\s]{16})|auth|password|passwd|pwd|secret|client_secret|sig|signature|x-amz-signature|x-goog-signature)=([^&#;\s]{8,1024})/giu;

export function findUrlCredentials(text: string, found: Found): void {
  let from = 0;
  for (let colon = text.indexOf('://', from); colon >= 0; colon = text.indexOf('://', from)) {
    const match = scheme.exec(text.slice(Math.max(from, colon - 20), colon));
    const end = endOf(text, colon + 3);
    from = Math.max(end, colon + 3);
    if (match !== null) {
      const rest = text.slice(colon + 3, end);
      if (hasPassword(rest) || hasToken(rest)) {
        found('url_credentials', colon - match[0].length, end);
      }
    }
  }
}

function endOf(text: string, from: number): number {
  const limit = Math.min(text.length, from + longestUrl);
  let end = from;
  while (end < limit && !urlEnd.test(text.charAt(end))) {
    end += 1;
  }
  // Punctuation of the sentence around it.
  while (end > from && '.,;:!?)]'.includes(text.charAt(end - 1))) {
    end -= 1;
  }
  return end;
}

function hasPassword(rest: string): boolean {
  const authority = /^[^/?#]*/u.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  const colon = authority.indexOf(':');
  return colon >= 0 && at > colon + 1 && at < authority.length - 1 && !placeholder.test(authority.slice(colon + 1, at));
}

function hasToken(rest: string): boolean {
  for (const [, value = ''] of rest.matchAll(query)) {
    const mixed = /\d/u.test(value) || (/[a-z]/u.test(value) && /[A-Z]/u.test(value));
    if (mixed && bitsPerCharacter(value) >= 2.5 && !placeholder.test(value)) {
      return true;
    }
  }
  return false;
}
