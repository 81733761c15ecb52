// How much of a text is neither letters, digits nor spaces.

// Marks belong to letters: in many scripts vowels are marks.
const plain = /[\p{L}\p{N}\p{M}\s]/u;

let table: Uint8Array | undefined;

/** Share of characters (code points) that are neither letters with their marks, digits nor white space; 0 for an empty text. */
export function symbolShare(text: string): number {
  // Looked up for each UTF-16 code unit: a regular expression for each character costs twenty times as much.
  table ??= Uint8Array.from({ length: 0x1_00_00 }, (_, unit) => (plain.test(String.fromCharCode(unit)) ? 0 : 1));
  let symbols = 0;
  let characters = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    characters += 1;
    if (unit >= 0xd8_00 && unit < 0xdc_00) {
      const point = text.codePointAt(index) ?? 0;
      if (point > 0xff_ff) {
        index += 1;
        symbols += plain.test(String.fromCodePoint(point)) ? 0 : 1;
        continue;
      }
    }
    symbols += table[unit] ?? 0;
  }
  return characters === 0 ? 0 : symbols / characters;
}
