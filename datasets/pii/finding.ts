// What a scan found, and how overlapping findings become one list.

/** A stretch of text, in UTF-16 units, that holds a value of one type. */
export interface PiiFinding {
  /** A built-in type, or the name of a pattern or of an analyzer's entity. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Who wins between findings of the same length: the more specific type. Types not listed come last. */
const precedence = [
  'private_key',
  'url_credentials',
  'api_key',
  'iban',
  'credit_card',
  'ssn',
  'national_id',
  'medical_record',
  'email',
  'ip',
  'phone',
];

/**
 * Sorted findings without overlap. Of two that overlap, the longer names the type (then the more specific), and the
 * result covers both, so that no part of something found stays readable.
 */
export function withoutOverlaps(findings: readonly PiiFinding[]): PiiFinding[] {
  const sorted = findings.toSorted((left, right) => left.start - right.start || right.end - left.end);
  const kept: PiiFinding[] = [];
  let last: PiiFinding | undefined;
  // The length that won the current stretch, which may be shorter than the stretch.
  let won = 0;
  for (const next of sorted) {
    if (last === undefined || next.start >= last.end) {
      kept.push(next);
      last = next;
      won = next.end - next.start;
      continue;
    }
    const length = next.end - next.start;
    const wins = length > won || (length === won && rank(next.type) < rank(last.type));
    if (wins || next.end > last.end) {
      last = { type: wins ? next.type : last.type, start: last.start, end: Math.max(last.end, next.end) };
      kept[kept.length - 1] = last;
      won = Math.max(won, length);
    }
  }
  return kept;
}

function rank(type: string): number {
  const index = precedence.indexOf(type);
  return index < 0 ? precedence.length : index;
}

/** Takes one finding. */
export type Found = (type: string, start: number, end: number) => void;
