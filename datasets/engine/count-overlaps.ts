// How rows overlap with evaluations and what became of them, counted from the list of overlaps.
import { createReadStream } from 'node:fs';
import type { Overlaps } from '../../domain/dataset.ts';
import { textLines } from '../../domain/text-lines.ts';

type Fates = { -readonly [Fate in keyof Overlaps['exact']]: number };

const none = (): Fates => ({ dropped: 0, reported: 0, waived: 0 });

/** Counts the lines of a list that `process-chunk.ts` wrote, by how a row overlaps and by its fate. */
export async function countOverlaps(path: string): Promise<Overlaps> {
  const counts = { exact: none(), ngram: none(), near: none() };
  for await (const line of textLines(createReadStream(path))) {
    // This process wrote the line.
    const { how, fate }: { how: keyof Overlaps; fate: keyof Fates } = JSON.parse(line);
    counts[how][fate] += 1;
  }
  return counts;
}
