// Makes invisible characters visible, so that no text can hide or reorder what stands around it.

/** Everything that is invisible or reorders its surroundings, but for line feed, tab and the two joiners. */
const invisible = /(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}\u2028\u2029\uFFFE\uFFFF]/gu;

/** Control characters as their pictures, format characters such as bidirectional overrides as their code points. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(invisible, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x20
        ? String.fromCodePoint(0x2400 + code)
        : `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
    });
}
