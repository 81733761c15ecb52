// A record that cannot be read: an error, or a problem that is reported.
import { BadInput } from '../../domain/bad-input.ts';
import type { RecordChunk, RecordProblem } from './source-file.ts';

/** The problem, when such records are to be dropped. Throws BadInput that names the line otherwise. */
export function problemOf(
  { file, malformed }: Pick<RecordChunk, 'file' | 'malformed'>,
  line: number,
  what: 'record' | 'row' | 'line',
  problem: string,
  hint?: string,
): RecordProblem {
  if (malformed === 'stop') {
    throw new BadInput(`the ${what} ${problem}`, {
      where: `${file}:${line}`,
      hint: hint ?? 'Correct the file, or let `curate.malformed: drop` list such records as dropped.',
    });
  }
  return { line, problem };
}
