// What the tools dropped, held against all similar pairs.
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { packageRoot } from '../../../infra/settings.ts';

const toolSchema = z.strictObject({
  /** Pairs of documents that reach the threshold, among those the tool was given. */
  pairs: z.int(),
  /** Those of which the tool dropped a document. */
  pairsFound: z.int(),
  /** The same without pairs of equal texts. */
  differentPairs: z.int(),
  differentPairsFound: z.int(),
  /** Dropped documents that reach the threshold with no other document. */
  droppedWithoutLike: z.int(),
});

const judgedSchema = z.strictObject({
  pairs: z.int(),
  ours: z.strictObject({
    nearDropped: z.int(),
    exactDropped: z.int(),
    falseNear: z.int(),
    falseExact: z.int(),
    misstatedSimilarities: z.int(),
    keptInsteadNotKept: z.int(),
    lowestSimilarity: z.number(),
    textPairs: z.int(),
    textPairsInOneCluster: z.int(),
  }),
  tools: z.record(z.string(), toolSchema),
});
export type Judged = z.infer<typeof judgedSchema>;

export interface JudgedTool {
  readonly tool: string;
  /** File of the numbers of the documents that it dropped. */
  readonly dropped: string;
  readonly documents: number;
}

export async function judge(
  python: string,
  file: string,
  ourFolder: string,
  tools: readonly JudgedTool[],
): Promise<Judged> {
  const script = join(packageRoot, 'scripts', 'bench', 'curation', 'judge.py');
  const { stdout } = await execa(python, [script, file, ourFolder], { input: JSON.stringify(tools) });
  return judgedSchema.parse(JSON.parse(stdout));
}
