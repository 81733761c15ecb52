// The recipe's `dataset.curate.decontaminate`: rows that an evaluation holds must not be trained on.
import { z } from 'zod';
import { sourceFormatSchema } from './recipe-source.ts';

export const decontaminateSchema = z
  .strictObject({
    suites: z
      .array(z.string().min(1))
      .default([])
      .describe('Suite files, relative to the recipe, or names of shipped suites, whose inputs no row may hold.'),
    files: z
      .array(
        z.strictObject({
          path: z.string().min(1).describe('File of texts, relative to the recipe.'),
          format: sourceFormatSchema.optional(),
          input: z.string().min(1).describe('Column with the text.'),
        }),
      )
      .default([])
      .describe('Other files whose texts no row may hold.'),
    ngram: z
      .int()
      .min(3)
      .max(50)
      .default(13)
      .describe('Words in a row that two texts must share to count as overlap; a shorter text must be found whole.'),
    near: z
      .number()
      .gt(0)
      .lte(1)
      .default(0.8)
      .describe('Jaccard similarity of shingles from which a row counts as the same as a text of the evaluation.'),
    action: z.enum(['drop', 'report']).default('drop').describe('`report` lists the rows and keeps them.'),
    waive: z.array(z.string().min(1)).default([]).describe('Ids of rows that are kept although they were found.'),
  })
  .describe('Drops rows that overlap with evaluations (`contaminated`); what they share is listed for review.');
export type DecontaminateRecipe = z.infer<typeof decontaminateSchema>;
