// The suite file: one YAML file that says which rows are asked, how, and what counts as right.
import { z } from 'zod';
import { splitNames } from './split-names.ts';
import { metricFacts, metricSchema, usualScorers } from './metrics.ts';
import { criticalSliceSchema } from './recipe-gate.ts';
import { judgeProblems, judgeSchema } from './recipe-judge.ts';
import { promptSchema } from './recipe-prompt.ts';
import { suiteSettingsShape } from './suite.ts';
import { taskSchema } from './task.ts';

const rowsSchema = z
  .strictObject({
    path: z.string().min(1).optional().describe('CSV, TSV or JSONL file, relative to the suite file.'),
    format: z.enum(['csv', 'tsv', 'jsonl']).optional().describe('Read from the file name when absent.'),
    map: z
      .strictObject({
        id: z.string().min(1).optional().describe('Column that names the row; a hash of its content does when absent.'),
        input: z.string().min(1).describe('Column that holds the text the model reads.'),
        output: z
          .string()
          .min(1)
          .describe('Column that holds the expected answer; in JSONL it may be an object or an array.'),
        group: z.string().min(1).optional().describe('Cluster key: rows of one group are no independent evidence.'),
        tags: z
          .record(z.string().min(1), z.string().min(1))
          .default({})
          .describe('Names of tags with their columns, for slices.'),
      })
      .optional()
      .describe('Which columns are what; needed with `path`.'),
    dataset: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}@[0-9a-f]{16}$/u, 'must be name@version, as `contender models show` prints it')
      .optional()
      .describe('Dataset version of the object store, name@version, instead of a file.'),
    split: z.enum(splitNames).optional().describe('Split of the dataset; `test` when absent.'),
    duplicates: z
      .enum(['refuse', 'drop'])
      .default('refuse')
      .describe('Rows without ids of their own that repeat another row: an error, or left out and counted.'),
    shuffle: z.boolean().default(false).describe('Put the rows in a random order, which the seed decides.'),
    seed: z.int().nonnegative().default(7).describe('Seed of the order.'),
    limit: z.int().positive().optional().describe('Take this many rows, after shuffling.'),
  })
  .superRefine((rows, context) => {
    const issue = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if ((rows.path === undefined) === (rows.dataset === undefined)) {
      issue(rows.path === undefined ? 'path' : 'dataset', 'either `path` or `dataset` says where the rows are');
    }
    if (rows.path !== undefined && rows.map === undefined) {
      issue('map', 'is needed, because the rows come from a file');
    }
    for (const key of rows.path === undefined ? (['format', 'map'] as const) : (['split'] as const)) {
      if (rows[key] !== undefined) {
        issue(key, `belongs to \`${key === 'split' ? 'dataset' : 'path'}\``);
      }
    }
  })
  .describe('The rows that every arm answers.');
export type SuiteRowsRecipe = z.infer<typeof rowsSchema>;

export const suiteFileSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, 'must be lower-case letters, digits and dashes, at most 40')
      .describe('Name of the suite.'),
    description: z.string().min(1).optional().describe('What it measures, in a sentence.'),
    licence: z.string().min(1).optional().describe('Licence of the rows: an SPDX id, or a name.'),
    task: taskSchema.describe('Kind of task; it decides how answers are read and scored.'),
    rows: rowsSchema,
    prompt: promptSchema.prefault({}).describe('What every arm is asked.'),
    shots: z
      .array(
        z.strictObject({
          input: z.string().min(1).describe('What the model is shown as asked.'),
          output: z.string().min(1).describe('What it is shown as answered.'),
        }),
      )
      .max(32)
      .default([])
      .describe('Examples that few-shot arms are shown; they must not be among the rows.'),
    ...suiteSettingsShape,
    scorers: z
      .array(metricSchema)
      .min(1)
      .optional()
      .describe('Metrics reported; the usual ones of the task when absent.'),
    judge: judgeSchema.optional(),
    critical_slices: z
      .array(criticalSliceSchema)
      .default([])
      .describe('Parts of the rows on which a candidate must not be worse either; they go to the gate.'),
    max_tokens: z.int().positive().default(64).describe('Longest answer in tokens.'),
    timeout_s: z.number().positive().default(120).describe('Longest wait for one answer in seconds.'),
    patience_s: z
      .number()
      .positive()
      .max(86_400)
      .default(900)
      .describe('How long an endpoint may answer nothing before its rows count as unanswered, in seconds.'),
  })
  .superRefine((suite, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    suite.scorers?.forEach((metric, index) => {
      if (!metricFacts[metric].tasks.includes(suite.task)) {
        issue(
          ['scorers', index],
          `${metric} is no metric of ${suite.task}; usual ones are ${usualScorers[suite.task].join(', ')}`,
        );
      }
    });
    const scorers = suite.scorers ?? usualScorers[suite.task];
    for (const { path, message } of judgeProblems({ judge: suite.judge, scorers, contestants: [] })) {
      context.addIssue({ code: 'custom', path, message });
    }
    if (suite.task === 'tool_calls' && suite.tools === undefined) {
      issue(['tools'], 'are needed, because task is tool_calls');
    }
    if (suite.response_schema !== undefined && suite.task !== 'extraction') {
      issue(['response_schema'], 'belongs to task extraction');
    }
    if (suite.parser === 'refusal' && (suite.task !== 'classification' || suite.labels !== undefined)) {
      issue(['parser'], '`refusal` goes with task classification and brings its own labels, refuse and comply');
    }
    const known = new Set(['label', 'group', ...Object.keys(suite.rows.map?.tags ?? {})]);
    const sliced = [
      ...suite.slices.map((slice, index) => ({ slice, path: ['slices', index] })),
      ...suite.critical_slices.map(({ slice }, index) => ({ slice, path: ['critical_slices', index, 'slice'] })),
    ];
    for (const { slice, path } of suite.rows.map === undefined ? [] : sliced) {
      if (!known.has(slice)) {
        issue(path, `there is no such tag; known are ${[...known].join(', ')}`);
      }
    }
  })
  .describe('A suite of rows that arms are compared on.');

export type SuiteFile = z.infer<typeof suiteFileSchema>;
