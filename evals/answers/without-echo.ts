// Takes the prompt out of an answer that repeats it, so that nobody scores by repeating what was asked.

/** Shorter texts than this come up by chance, such as a one-word input that a summary names. */
const minChars = 16;
/** Only the end of a text is searched for, which keeps the search linear; what lies before it is compared once. */
const searchedChars = 200;

/**
 * What an answer says after the last place where it repeats one of the texts, with white space compared as if it were
 * single spaces. The answer itself when it repeats none. A text that the expected answer holds too is not taken
 * out: to give it back is then the task.
 */
export function withoutEcho(answer: string, texts: readonly string[], expected: string): string {
  const wanted = squeeze(expected).text;
  const pieces = texts
    .map((text) => squeeze(text).text.trim())
    .filter((text) => text.length >= minChars && !wanted.includes(text));
  if (pieces.length === 0) {
    return answer;
  }
  const { text, ends } = squeeze(answer);
  const cut = Math.max(...pieces.map((piece) => endOf(text, piece)));
  return cut <= 0 ? answer : answer.slice(ends[cut - 1] ?? 0);
}

/** Offset after the last occurrence of a piece, or -1. */
function endOf(text: string, piece: string): number {
  const tail = piece.slice(-searchedChars);
  const found = text.lastIndexOf(tail);
  const end = found + tail.length;
  return found !== -1 && end >= piece.length && text.startsWith(piece, end - piece.length) ? end : -1;
}

/** White space as single spaces, and for each character the offset after it in the text as it was. */
function squeeze(text: string): { text: string; ends: Int32Array } {
  const ends = new Int32Array(text.length);
  let filled = 0;
  const squeezed = text.replaceAll(/\s+|\S+/gu, (run: string, offset: number) => {
    if (run.trim() === '') {
      ends[filled] = offset + run.length;
      filled += 1;
      return ' ';
    }
    for (let position = 0; position < run.length; position += 1) {
      ends[filled] = offset + position + 1;
      filled += 1;
    }
    return run;
  });
  return { text: squeezed, ends };
}
