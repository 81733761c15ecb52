// Text that XML can carry.

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * What XML 1.0 allows in no form (https://www.w3.org/TR/xml/#charsets), C1 controls, which it advises against, and
 * characters that reorder the text around them.
 */
const impossible =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u0084\u0086-\u009F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/gu;

/** Escapes text for content and for quoted attributes; removes what XML cannot hold. */
export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(impossible, '')
    .replaceAll(/[&<>"']/gu, (character) => entities[character] ?? '');
}
