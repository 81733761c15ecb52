// The recipe's `dataset` block: sources, column mapping and curation.
import { z } from 'zod';

const sourceSchema = z
  .strictObject({
    path: z.string().min(1).describe('CSV or JSONL file, relative to the recipe.'),
    format: z.enum(['csv', 'tsv', 'jsonl']).optional().describe('Read from the file name when absent.'),
    map: z
      .strictObject({
        input: z.string().min(1).describe('Column that holds the text the model reads.'),
        output: z.string().min(1).describe('Column that holds the answer the model must give.'),
        rejected: z
          .string()
          .min(1)
          .optional()
          .describe('Column that holds a worse answer, for preference training (`train.method: dpo`).'),
        group: z.string().min(1).optional().describe('Column whose values must not sit in two splits.'),
        tags: z
          .record(z.string().min(1), z.string().min(1))
          .optional()
          .describe('Names of tags with their columns; slices are made of them. They do not change the id of a row.'),
      })
      .describe("Which columns are the row's input, output and group."),
    licence: z.string().min(1).optional().describe('Licence of the rows: an SPDX id, or a name.'),
    teacher: z
      .string()
      .min(1)
      .optional()
      .describe('Model that wrote the answers, when a model did; its terms then bind the candidate.'),
  })
  .describe('One file of rows.');

const splitSchema = z
  .strictObject({
    by: z.enum(['random', 'group']).default('random').describe('`group` keeps every group within one split.'),
    sample: z
      .enum(['rows', 'groups'])
      .default('rows')
      .describe(
        'Which rows are taken when there are more than asked for: `rows` draws them evenly, as traffic would; `groups` takes a first row of every group before a second, so that the test rows are as independent as they can be.',
      ),
    train: z.int().positive().describe('Rows to train on.'),
    validation: z.int().nonnegative().default(0).describe('Rows for the validation loss.'),
    test: z.int().positive().describe('Held-out rows that every arm answers.'),
    seed: z.int().nonnegative().default(7).describe('Seed of the split.'),
  })
  .describe('How the curated rows are divided. Rows beyond the sizes asked for are listed as not sampled.');

const nearSchema = z.strictObject({
  threshold: z
    .number()
    .gt(0)
    .lte(1)
    .default(0.8)
    .describe('Jaccard similarity of character shingles at which two inputs count as the same.'),
});

const curateSchema = z.strictObject({
  dedupe: z
    .strictObject({
      exact: z.boolean().default(true).describe('Drop rows whose normalised input was seen before.'),
      near: z
        .union([nearSchema, z.literal(false)])
        .default({ threshold: 0.8 })
        .describe('Drop near duplicates found by MinHash-LSH and verified by true Jaccard; `false` switches it off.'),
    })
    .prefault({})
    .describe('Duplicate removal.'),
  max_input_chars: z.int().positive().default(20_000).describe('Longer inputs are dropped, with that reason.'),
  split: splitSchema,
});

export const datasetSchema = z
  .strictObject({
    sources: z.array(sourceSchema).min(1).describe('Files the rows come from, in order.'),
    curate: curateSchema.describe('What happens to the rows before training.'),
  })
  .describe('Where rows come from and how they are curated.');

export type SourceRecipe = z.infer<typeof sourceSchema>;
export type CurateRecipe = z.infer<typeof curateSchema>;
export type SplitRecipe = z.infer<typeof splitSchema>;
