// The recipe's `dataset` block: sources and curation.
import { z } from 'zod';
import { decontaminateSchema } from './recipe-decontaminate.ts';
import { piiSchema } from './recipe-pii.ts';
import { languageSchema, qualitySchema } from './recipe-quality.ts';
import { sourceProblems, sourceSchema } from './recipe-source.ts';
import { splitProblems, splitSchema } from './recipe-split.ts';

const nearSchema = z
  .strictObject({
    threshold: z
      .number()
      .gt(0)
      .lte(1)
      .default(0.8)
      .describe('Jaccard similarity of shingles from which two inputs count as the same.'),
    shingle: z
      .enum(['chars', 'words'])
      .default('chars')
      .describe('What a shingle is made of: characters suit short texts, words long ones.'),
    size: z.int().min(1).max(50).default(5).describe('Characters or words in a shingle.'),
    recall: z
      .number()
      .min(0.5)
      .max(0.9999)
      .default(0.9)
      .describe(
        'Part of the pairs just at the threshold that are found at least; more of those above it. Nearer to 1 costs more comparisons: for a split that must be free of leaks take 0.9999 up to some 100,000 rows.',
      ),
    action: z
      .enum(['drop', 'report'])
      .default('drop')
      .describe('`report` keeps near duplicates, lists their clusters and keeps each cluster within one split.'),
  })
  .describe('Near duplicates found by MinHash-LSH and verified by true Jaccard.');
export type NearRecipe = z.infer<typeof nearSchema>;

const dedupeSchema = z
  .strictObject({
    exact: z.boolean().default(true).describe('Drop rows whose normalised input was seen before.'),
    conflicts: z
      .enum(['drop', 'majority', 'keep'])
      .default('drop')
      .describe(
        'Rows of one input with different outputs: `drop` drops all, `majority` keeps a row of the most frequent output unless it is a tie, `keep` keeps the first of each output.',
      ),
    near: z
      .union([nearSchema, z.literal(false)])
      .prefault({})
      .describe('Drop near duplicates; `false` switches it off.'),
  })
  .describe('Duplicate removal.');

const labelErrorsSchema = z
  .strictObject({
    folds: z.int().min(2).max(20).default(5).describe('Folds of the cross-validation.'),
    max_rows: z.int().positive().default(200_000).describe('Rows that are looked at, drawn by the seed.'),
  })
  .describe('Likely label errors, found by cross-validated confidence; reported, never dropped.');

const balanceSchema = z
  .strictObject({
    method: z
      .enum(['undersample', 'oversample'])
      .describe('`undersample` drops training rows of frequent outputs, `oversample` repeats those of rare ones.'),
    ratio: z
      .number()
      .min(1)
      .default(1)
      .describe('How many times as often as the rarest output the most frequent one may come.'),
  })
  .describe('Rebalancing of the outputs in the training split; validation and test stay as they are.');

const curateSchema = z
  .strictObject({
    malformed: z
      .enum(['stop', 'drop'])
      .default('stop')
      .describe('A record that cannot be read: stop, or list it as dropped and go on.'),
    unicode: z.enum(['nfc', 'nfkc']).default('nfc').describe('Unicode normal form of all texts.'),
    labels: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'The label set: rows with another output are dropped (`unknown_label`). `evaluate.labels` when absent.',
      ),
    dedupe: dedupeSchema.prefault({}),
    pii: z
      .union([piiSchema, z.literal(false)])
      .default(false)
      .describe('Personal data and secrets; off when absent.'),
    quality: qualitySchema.prefault({}),
    language: languageSchema.optional(),
    decontaminate: decontaminateSchema.optional(),
    label_errors: z
      .union([labelErrorsSchema, z.literal(false)])
      .default(false)
      .describe('Likely label errors; off when absent.'),
    balance: balanceSchema.optional(),
    max_input_chars: z.int().positive().default(20_000).describe('Longer inputs are dropped (`input_too_long`).'),
    split: splitSchema,
  })
  .describe('What happens to the rows before training. Every step can be switched off.');

export const datasetSchema = z
  .strictObject({
    sources: z.array(sourceSchema).min(1).describe('Where the rows come from, in order.'),
    curate: curateSchema,
  })
  .describe('Where rows come from and how they are curated.');

export type { SourceRecipe } from './recipe-source.ts';
export type DatasetRecipe = z.infer<typeof datasetSchema>;
export type CurateRecipe = z.infer<typeof curateSchema>;
export type DedupeRecipe = z.infer<typeof dedupeSchema>;
export type LabelErrorsRecipe = z.infer<typeof labelErrorsSchema>;
export type BalanceRecipe = z.infer<typeof balanceSchema>;

/** What is wrong with a dataset block beyond its fields. */
export function datasetProblems({ sources, curate }: DatasetRecipe): { path: (string | number)[]; message: string }[] {
  const needed = (key: 'group' | 'time', why: string): { path: (string | number)[]; message: string }[] =>
    sources.flatMap(({ map }, index) =>
      map[key] === undefined ? [{ path: ['sources', index, 'map', key], message: `is needed, because ${why}` }] : [],
    );
  return [
    ...sources.flatMap((source, index) =>
      sourceProblems(source).map(({ path, message }) => ({ path: ['sources', index, ...path], message })),
    ),
    ...splitProblems(curate.split).map(({ path, message }) => ({ path: ['curate', 'split', ...path], message })),
    ...(curate.split.by === 'group' ? needed('group', 'the split is by group') : []),
    ...(curate.split.by === 'time' ? needed('time', 'the split is by time') : []),
  ];
}
