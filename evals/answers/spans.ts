// Named spans of a text: where entities stand, and how two lists of them match.

/** An entity as a model or a gold file writes it. */
export interface Mention {
  readonly text?: string | undefined;
  readonly label: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** A mention with its place in the input, in UTF-16 code units; both are -1 when the input does not hold its text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly text: string;
}

/**
 * Places mentions in the input. Offsets are believed where the input has the mention's text there, counted in UTF-16
 * code units or, as Python counts, in code points. Other mentions take the next occurrence of their text that no
 * earlier mention of the same text has taken, in any case of letters when there is none in theirs.
 */
export function placeMentions(mentions: readonly Mention[], input: string): Span[] {
  const points = codePointOffsets(input);
  const lower = input.toLowerCase();
  const taken = new Map<string, number>();
  return mentions.map(({ text, label, start, end }) => {
    for (const place of stated(start, end, points)) {
      const there = input.slice(place.start, place.end);
      if (there !== '' && (text === undefined || there === text)) {
        return { ...place, label, text: there };
      }
    }
    if (text === undefined || text === '') {
      return { start: -1, end: -1, label, text: text ?? '' };
    }
    const from = taken.get(text.toLowerCase()) ?? 0;
    let found = input.indexOf(text, from);
    if (found === -1 && lower.length === input.length) {
      found = lower.indexOf(text.toLowerCase(), from);
    }
    if (found === -1) {
      return { start: -1, end: -1, label, text };
    }
    taken.set(text.toLowerCase(), found + text.length);
    return { start: found, end: found + text.length, label, text };
  });
}

/** How many pairs of spans are the same, and how many overlap with the same label; each span is used once. */
export function matchSpans(expected: readonly Span[], given: readonly Span[]): { same: number; overlapping: number } {
  const free = given.filter(({ start }) => start >= 0).toSorted((left, right) => left.end - right.end);
  const used = new Set<Span>();
  const unmatched = expected.filter((want) => {
    const twin = free.find((span) => !used.has(span) && isSame(span, want));
    if (twin !== undefined) {
      used.add(twin);
    }
    return twin === undefined;
  });
  const same = used.size;
  // Earliest end first on both sides: the usual greedy choice, which wastes no span unless spans nest.
  for (const want of unmatched.toSorted((left, right) => left.end - right.end)) {
    const near = free.find((span) => !used.has(span) && overlaps(span, want));
    if (near !== undefined) {
      used.add(near);
    }
  }
  return { same, overlapping: used.size };
}

function isSame(left: Span, right: Span): boolean {
  return left.start === right.start && left.end === right.end && left.label === right.label;
}

function overlaps(left: Span, right: Span): boolean {
  return left.label === right.label && left.start < right.end && right.start < left.end;
}

function stated(
  start: number | undefined,
  end: number | undefined,
  points: Int32Array | undefined,
): { start: number; end: number }[] {
  if (start === undefined || end === undefined || start < 0 || end <= start) {
    return [];
  }
  const [first, last] = [points?.[start], points?.[end]];
  return [{ start, end }, ...(first === undefined || last === undefined ? [] : [{ start: first, end: last }])];
}

/** Offset in code units of each code point and of the end; undefined when the two ways of counting agree. */
function codePointOffsets(input: string): Int32Array | undefined {
  if (!/[\u{10000}-\u{10FFFF}]/u.test(input)) {
    return undefined;
  }
  const offsets: number[] = [];
  let offset = 0;
  for (const point of input) {
    offsets.push(offset);
    offset += point.length;
  }
  return Int32Array.from([...offsets, offset]);
}
