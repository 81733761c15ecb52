// Digits in groups, as people write long numbers: `4111 1111 1111 1111`, `123-45-6789`, `(020) 7946-0018`.

/** Groups of digits that follow one another with one or two separators between. */
export interface DigitRun {
  /** Where each group begins and ends. */
  readonly starts: number[];
  readonly ends: number[];
}

/** More groups are no number of anybody: such a run is cut, which keeps the work on a text linear. */
const mostGroups = 40;

/** Calls back for each run of at least `least` digits, in order. The run is valid during the call only. */
export function forEachRun(text: string, least: number, visit: (run: DigitRun) => void): void {
  const run: { starts: number[]; ends: number[] } = { starts: [], ends: [] };
  let digits = 0;
  const flush = (): void => {
    if (digits >= least) {
      visit(run);
    }
    run.starts.length = 0;
    run.ends.length = 0;
    digits = 0;
  };
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) {
      index += 1;
      continue;
    }
    const last = run.ends.at(-1);
    if (last !== undefined && (run.starts.length >= mostGroups || !joins(text, last, index))) {
      flush();
    }
    run.starts.push(index);
    do {
      index += 1;
      digits += 1;
    } while (index < text.length && text.charCodeAt(index) >= 48 && text.charCodeAt(index) <= 57);
    run.ends.push(index);
  }
  flush();
}

function joins(text: string, from: number, to: number): boolean {
  if (to - from > 3) {
    return false;
  }
  for (let index = from; index < to; index += 1) {
    if (!isSeparatorCode(text.charCodeAt(index))) {
      return false;
    }
  }
  return true;
}

/** Space, no-break spaces, hyphens, dot, slash, parentheses. */
function isSeparatorCode(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0xa0 ||
    code === 0x20_2f ||
    code === 0x2d ||
    code === 0x20_11 ||
    code === 0x2e ||
    code === 0x2f ||
    code === 0x28 ||
    code === 0x29
  );
}

/** The separator between two groups if it is a single space or hyphen of any kind: ' ' or '-', otherwise what it is. */
export function separatorBetween(text: string, run: DigitRun, group: number): string {
  const between = text.slice(run.ends[group], run.starts[group + 1]);
  return between === '\u00A0' || between === '\u202F' ? ' ' : between === '\u2011' ? '-' : between;
}
