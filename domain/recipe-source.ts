// The recipe's `dataset.sources`: where rows come from and which of their fields are used.
import { z } from 'zod';
import { distillSchema } from './recipe-distill.ts';

export const sourceFormatSchema = z.enum(['csv', 'tsv', 'jsonl', 'json', 'parquet']);
export type SourceFormat = z.infer<typeof sourceFormatSchema>;

export const rowShapeSchema = z.enum([
  'columns',
  'prompt_completion',
  'messages',
  'sharegpt',
  'alpaca',
  'preference',
  'gateway_log',
]);
export type RowShape = z.infer<typeof rowShapeSchema>;

const column = z.string().min(1).optional();

const mapSchema = z
  .strictObject({
    input: column.describe('Column that holds the text the model reads.'),
    output: column.describe('Column that holds the answer the model must give.'),
    rejected: column.describe('Column that holds a worse answer, for preference training (`train.method: dpo`).'),
    group: column.describe('Column whose values must not sit in two splits.'),
    time: column.describe('Column with the moment of the row, for a split by time: ISO 8601, or seconds since 1970.'),
    tags: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe('Names of tags with their columns; slices are made of them. They do not change the id of a row.'),
  })
  .describe(
    'Which columns are the row’s input, output and group. Other shapes than `columns` find input and output themselves.',
  );

export const sourceSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .describe(
        'File or glob, relative to the recipe; `file://…`; `s3://bucket/key`, also with a glob; or `hf://datasets/owner/name/file`, also with a glob.',
      ),
    revision: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/u, 'must be a branch, a tag or a commit')
      .optional()
      .describe('Branch, tag or commit of a `hf://` path; it is resolved to a commit. `main` when absent.'),
    format: sourceFormatSchema
      .optional()
      .describe('Read from the file name when absent, whatever its compression (gzip, zstd) is called.'),
    encoding: z
      .string()
      .min(1)
      .optional()
      .describe('Encoding of a text file, by its WHATWG name; found out when absent.'),
    delimiter: z.string().length(1).optional().describe('Delimiter of a CSV file; found out when absent.'),
    shape: rowShapeSchema
      .optional()
      .describe(
        'How a record holds its conversation. When absent: `columns` where `map.input` is given, else told from the first record.',
      ),
    map: mapSchema.prefault({}),
    cap: z.int().positive().optional().describe('At most so many rows of this source are used, drawn by the seed.'),
    weight: z
      .number()
      .positive()
      .max(100)
      .default(1)
      .describe(
        'Below 1: this part of the source’s rows is used, drawn by the seed. Above 1: its training rows are repeated so often.',
      ),
    distill: distillSchema.optional(),
    licence: z.string().min(1).optional().describe('Licence of the rows: an SPDX id, or a name.'),
    teacher: z
      .string()
      .min(1)
      .optional()
      .describe('Model that wrote the answers, when a model did; its terms then bind the candidate.'),
  })
  .describe('Files of rows.');

export type SourceRecipe = z.infer<typeof sourceSchema>;

/** What is wrong with a source beyond its fields; the path is relative to the source. */
export function sourceProblems({
  path,
  shape,
  map,
  distill,
  revision,
}: SourceRecipe): { path: string[]; message: string }[] {
  const columns = shape === 'columns' || (shape === undefined && (map.input !== undefined || map.output !== undefined));
  return [
    ...(columns && map.input === undefined
      ? [{ path: ['map', 'input'], message: 'is needed for rows in columns' }]
      : []),
    ...(columns && map.output === undefined && distill === undefined
      ? [{ path: ['map', 'output'], message: 'is needed for rows in columns' }]
      : []),
    ...(!columns && shape !== undefined && (map.input !== undefined || map.output !== undefined)
      ? [{ path: ['map'], message: `input and output are found by the shape ${shape}` }]
      : []),
    ...(distill !== undefined && map.output !== undefined
      ? [{ path: ['map', 'output'], message: 'excludes `distill`: the teacher gives the answers' }]
      : []),
    ...(distill?.teacher.provider === 'stand-in'
      ? [{ path: ['distill', 'teacher', 'provider'], message: 'must be a model: a stand-in learns from answers' }]
      : []),
    ...(distill?.teacher.batch === true
      ? [{ path: ['distill', 'teacher', 'batch'], message: 'is for evaluations: a teacher is asked input by input' }]
      : []),
    ...(revision !== undefined && !path.startsWith('hf://')
      ? [{ path: ['revision'], message: 'is for paths that begin with hf://' }]
      : []),
  ];
}
