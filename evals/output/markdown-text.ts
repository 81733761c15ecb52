// Text that stays text in Markdown, wherever it comes from.

/** Everything that is invisible or reorders its surroundings, and line ends, which would end a table row. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029\uFFFE\uFFFF]+/gu;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * One line of text for GitHub-flavoured Markdown, in a paragraph or a table cell: markup, HTML and table bars are
 * escaped, mentions (`@name`), issue numbers (`#1`) and addresses are broken up so that nobody is notified and
 * nothing is linked, and control characters become a space.
 */
export function markdownText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(invisible, ' ')
    .replaceAll(/[&<>]/gu, (character) => escapes[character] ?? '')
    .replaceAll(/[\\`*_[\]~|]/gu, (character) => `\\${character}`)
    .replaceAll(/[@#](?=\w)/gu, (character) => `${character}&#8203;`)
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./giu, (match) => `${match.slice(0, 3)}&#46;`)
    .trim();
}
