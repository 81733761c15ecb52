// What is wrong with a CSV record, without a value of it.
import { CsvError } from 'csv-parse/sync';
import { BadInput } from '../../domain/bad-input.ts';

const problems = new Map<string, string>([
  ['CSV_QUOTE_NOT_CLOSED', 'opens a quote that is never closed'],
  ['CSV_INVALID_CLOSING_QUOTE', 'goes on after its closing quote'],
  ['INVALID_OPENING_QUOTE', 'holds a quote and is not quoted'],
]);

/** The parser's own messages quote values, so neither they nor the error itself are passed on. Other errors stay. */
export function brokenCsv(error: unknown, where: string): unknown {
  if (!(error instanceof CsvError)) {
    return error;
  }
  const field = typeof error['column'] === 'number' ? `field ${error['column'] + 1}` : 'a field';
  const problem = problems.get(error.code) ?? `cannot be read (${error.code})`;
  return new BadInput(`${field} of the record ${problem}`, {
    where,
    hint: 'Quote fields that hold quotes, delimiters or line breaks, and double the quotes inside them.',
  });
}
