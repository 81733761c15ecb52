// Reading a label from a model's answer. Forgiving about dress, never about content: nothing is guessed.

/** Version of the rules below; part of the suite's digest, so that changed rules make a new suite. */
export const labelParser = 'label/1';

/**
 * The label that the first non-empty line of an answer states, or null. The line is first compared as it is, then
 * after normalisation of both sides: Unicode NFKC, control and format characters removed, white space collapsed,
 * surrounding quotes, Markdown and closing punctuation stripped, case folded. Null as well when the normalised
 * line fits two labels.
 *
 * @param labels the label set; the result is one of them, spelt as there
 */
export function parseLabel(answer: string, labels: readonly string[]): string | null {
  const lines = answer.split(/[\n\r\u0085\u2028\u2029]+/u);
  const line = lines.find((candidate) => undressed(candidate) !== '');
  if (line === undefined) {
    return null;
  }
  const verbatim = line.trim();
  if (labels.includes(verbatim)) {
    return verbatim;
  }
  const wanted = undressed(line);
  const matches = labels.filter((label) => undressed(label) === wanted);
  return matches.length === 1 ? (matches[0] ?? null) : null;
}

/** Reads many single labels of one set by the rules of `parseLabel`; a text of several lines is read as one. */
export function labelReader(labels: readonly string[]): (text: string) => string | null {
  const verbatim = new Set(labels);
  const byText = new Map<string, string | null>();
  for (const label of labels) {
    const text = undressed(label);
    byText.set(text, byText.has(text) ? null : label);
  }
  return (text) => (verbatim.has(text.trim()) ? text.trim() : (byText.get(undressed(text)) ?? null));
}

const dress = new Set(` "'\`´‘’‚“”„«»‹›*_~`);
const closing = new Set([...dress, '.', ',', ';', ':', '!', '?', '…']);
const marker = /^(?:[#>]{1,6}|[-+•])\s/u;

/** A text as answers are compared by when dress does not matter: see `parseLabel`. */
export function undressed(text: string): string {
  // White space first: tabs are control characters too, and must part words rather than vanish.
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  // Upper case first folds letters such as ß and ſ that have no single upper-case form.
  return strip(plain.replace(marker, '')).toUpperCase().toLowerCase();
}

/** A loop, because a pattern for "these characters at the end" takes quadratic time on hostile answers. */
function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && dress.has(text.charAt(start))) {
    start += 1;
  }
  while (end > start && closing.has(text.charAt(end - 1))) {
    end -= 1;
  }
  return text.slice(start, end);
}
