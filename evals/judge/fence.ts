// Text that others wrote, made safe to show to a judge: cut visibly, cleaned, and between lines that it cannot forge.

/** Sections of a judge's prompt. */
export type Section = 'TASK' | 'REFERENCE' | 'ANSWER A' | 'ANSWER B';

const lineBreaks = /\r\n?|[\u0085\u2028\u2029]/gu;
/** Control characters but tab and line feed; bidirectional overrides; tag characters, which carry hidden text. */
const hidden = /(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;
/** Marks by which chat templates end a turn: a server that renders them naively would end the judge's. */
const templateMarks = /<\|(?=[^\n|]{0,64}\|>)|<(?=\/?(?:start_of_turn|end_of_turn|s)>|<\/?SYS>>)|\[(?=\/?INST\])/gu;
const fenceMarks = /\[\[(?=\s*(?:END\s+)?(?:TASK|REFERENCE|ANSWER)\b)/giu;

/**
 * Makes text inert without hiding what it says. Control, override and tag characters and the fence key become
 * U+FFFD; a space parts whatever looks like a fence or like a mark of a chat template. The same for all answers.
 */
export function neutralise(text: string, key: string): string {
  return text
    .toWellFormed()
    .replaceAll(lineBreaks, '\n')
    .replaceAll(hidden, '\u{FFFD}')
    .replaceAll(templateMarks, (mark) => `${mark} `)
    .replaceAll(fenceMarks, '[ [')
    .replaceAll(key, '\u{FFFD}');
}

/** A section of the prompt: its text between two lines with the key. The remark about a cut stands outside the text. */
export function fenced(section: Section, text: string, key: string, limit: number): string {
  const shown = beginning(text, limit);
  const remark = shown === text ? '' : ` (cut: the first ${shown.length} of ${text.length} characters)`;
  return `[[${section} ${key}]]${remark}\n${neutralise(shown, key)}\n[[END ${section} ${key}]]`;
}

/** The first characters of a text, without half of a surrogate pair at its end. */
function beginning(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\uD800-\uDBFF]$/u, '');
}
