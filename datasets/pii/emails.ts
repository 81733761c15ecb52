// E-mail addresses, also with other scripts in the local part (RFC 6531) or the domain.
import type { Found } from './finding.ts';
import { isUnspacedAt, isWordAt } from './near-words.ts';

/** RFC 5321 4.5.3.1: local part and domain in octets; here in characters. */
const longestLocal = 64;
const longestDomain = 253;

/** What stands behind an @ in file names, such as `icon@2x.png`. */
const fileEndings =
  /\.(?:png|jpe?g|gif|svg|webp|bmp|ico|pdf|css|js|mjs|cjs|ts|tsx|jsx|json|html?|txt|csv|xml|ya?ml|zip|gz|tgz|mp[34]|wav|woff2?|ttf|map|lock|java|cpp|exe|dll)$/iu;
const topLevel = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z0-9-]{2,59})$/iu;
/** Accounts of version control in addresses such as `git@host.org:team/project.git`. */
const repositoryUser = /^(?:git|hg|svn)$/u;
/** What stands before the password of an address such as `https://user:password@host.org`. */
const userBefore = /:\/\/[^\s/?#@]{0,80}:[$%{<]{0,2}$/u;
const quoted = /"[^"\\\r\n]{1,62}"$/u;

export function findEmails(text: string, found: Found): void {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at);
    if (start === at) {
      continue;
    }
    const end = domainEnd(text, at + 1);
    const repository = text.charAt(end) === ':' && repositoryUser.test(text.slice(start, at));
    if (end > at + 1 && !repository) {
      found('email', start, end);
    }
  }
}

function localStart(text: string, at: number): number {
  if (text.charAt(at - 1) === '"') {
    const match = quoted.exec(text.slice(Math.max(0, at - longestLocal), at));
    return match === null ? at : at - match[0].length;
  }
  const isInside = isUnspacedAt(text, at - 1) ? isLocalUnspaced : isLocal;
  let start = at;
  while (start > 0 && at - start < longestLocal && isInside(text, start - 1)) {
    start -= 1;
  }
  // A longer stretch is no address: its beginning was not reached.
  if (at - start === longestLocal && isLocal(text, start - 1)) {
    return at;
  }
  // Quotes, equals signs and slashes belong to the sentence, the attribute or the path before it.
  const part = text.slice(start, at);
  const outer = Math.max(part.lastIndexOf('='), part.lastIndexOf('/'), part.lastIndexOf("'"), part.lastIndexOf('|'));
  const apostrophe = outer > 0 && part.charAt(outer) === "'" && isWordAt(part, outer - 1);
  start += apostrophe ? 0 : outer + 1;
  while (start < at && !isWordAt(text, start) && !isUnspacedAt(text, start)) {
    start += 1;
  }
  if (userBefore.test(text.slice(Math.max(0, start - 90), start))) {
    return at;
  }
  return text.charAt(at - 1) === '.' || text.slice(start, at).includes('..') ? at : start;
}

function isLocal(text: string, index: number): boolean {
  return isWordAt(text, index) || "!#$%&'*+-/=?^`{|}~.".includes(text.charAt(index) || ' ');
}

function isLocalUnspaced(text: string, index: number): boolean {
  return isLocal(text, index) || isUnspacedAt(text, index);
}

/** End of the domain that begins here, or its beginning where there is none. */
function domainEnd(text: string, from: number): number {
  let end = from;
  const unspaced = isUnspacedAt(text, from);
  const isInside = (index: number): boolean => isWordAt(text, index) || (unspaced && isUnspacedAt(text, index));
  while (end - from < longestDomain && (isInside(end) || text.charAt(end) === '-' || text.charAt(end) === '.')) {
    end += 1;
  }
  while (end > from && !isInside(end - 1)) {
    end -= 1;
  }
  const domain = text.slice(from, end);
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || !topLevel.test(last) || fileEndings.test(domain)) {
    return from;
  }
  const wellFormed = labels.every((label) => label !== '' && label.length <= 63 && isLabel(label));
  return wellFormed ? end : from;
}

function isLabel(label: string): boolean {
  return !label.startsWith('-') && !label.endsWith('-') && !label.includes('_');
}
