// The text of a single value: columns hold numbers, booleans, dates and nothing at all as well as text.
import { canonicalJson } from '../../domain/canonical.ts';
import { nestedProblem } from './bounded-value.ts';

/** Why a value is no text; said of a column by `columnProblem`. */
export interface NoText {
  readonly problem: string;
}

/**
 * Numbers and booleans as JSON writes them, dates as ISO 8601, null, undefined and NaN (how tables say "missing")
 * as empty text. Objects and arrays are no text.
 */
export function cellText(value: unknown): string | NoText {
  if (typeof value === 'string') {
    return value;
  }
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '';
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return String(value);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  }
  return { problem: Array.isArray(value) ? 'is an array' : 'is an object' };
}

/** As `cellText`, with objects and arrays as canonical JSON text: answers may be sets, fields, spans or calls. */
export function answerText(value: unknown): string | NoText {
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return cellText(value);
  }
  const problem = nestedProblem(value);
  return problem === undefined ? canonicalJson(value) : { problem };
}
