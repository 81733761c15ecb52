// Words beside a number that say what it is, and characters that say it is part of something else.

/** Whether the words stand within 48 characters before or 24 after, on the same line or the next. */
export function hasCue(text: string, start: number, end: number, cue: RegExp): boolean {
  return cue.test(text.slice(Math.max(0, start - 48), start)) || cue.test(text.slice(end, end + 24));
}

/** Whether the words stand right before. The expression must end in `$`. */
export function follows(text: string, start: number, cue: RegExp, reach = 24): boolean {
  return cue.test(text.slice(Math.max(0, start - reach), start));
}

/** Chinese, Japanese and Korean writing, which puts no spaces around a number or an address. */
export function isUnspacedAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (
    (code >= 0x2e_80 && code <= 0x9f_ff) || (code >= 0xac_00 && code <= 0xd7_af) || (code >= 0xf9_00 && code <= 0xfa_ff)
  );
}

/**
 * A letter, digit, mark or underscore of a script that puts spaces between words. Of a surrogate pair either half
 * counts as a letter.
 */
export function isWordAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) {
    return false;
  }
  const code = text.charCodeAt(index);
  if (code < 128) {
    return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
  }
  return (code >= 0xd8_00 && code <= 0xdf_ff) || (!isUnspacedAt(text, index) && wordCharacter.test(text.charAt(index)));
}

const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

export function isDigitAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}

/** Whether a value may begin here: not within a word, a path, a decimal or a number with dashes. */
export function beginsFree(text: string, start: number): boolean {
  if (isWordAt(text, start - 1)) {
    return false;
  }
  const before = text.charAt(start - 1);
  return !(before === '-' || before === '.' || before === '/' || before === '+' || before === '$' || before === '\\');
}

/** Whether a value may end here. Punctuation may follow, but not punctuation that leads on to more of the same. */
export function endsFree(text: string, end: number): boolean {
  if (isWordAt(text, end)) {
    return false;
  }
  const after = text.charAt(end);
  return !((after === '-' || after === '.' || after === '/') && isWordAt(text, end + 1));
}
