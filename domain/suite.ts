// Suites: the rows that all arms answer, how they are asked, and how answers are read and scored.
import { z } from 'zod';
import { metricSchema } from './metrics.ts';
import { blobRefSchema } from './refs.ts';
import { criticalSliceSchema } from './recipe-gate.ts';
import { promptSchema } from './recipe-prompt.ts';
import { taskSchema } from './task.ts';
import { turnSchema } from './turn.ts';

/** A JSON Schema, kept as it was written. */
export const jsonSchemaSchema = z.record(z.string(), z.json());

export const toolSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/u)
      .describe('Name by which the model calls it.'),
    description: z.string().optional().describe('What it does, for the model.'),
    parameters: jsonSchemaSchema.describe('JSON Schema of the arguments.'),
  })
  .describe('A function that the model may call.');
export type Tool = z.infer<typeof toolSchema>;

/** How a suite asks and scores: the part that recipe and suite file share. */
export const suiteSettingsShape = {
  labels: z.array(z.string().min(1)).optional().describe('The label set; taken from the expected answers when absent.'),
  response_schema: jsonSchemaSchema
    .optional()
    .describe('JSON Schema that extracted answers must satisfy; sent to providers that take one.'),
  tools: z.array(toolSchema).optional().describe('Functions that the model may call, for `tool_calls`.'),
  parser: z
    .enum(['label', 'refusal'])
    .optional()
    .describe(
      'How answers of `classification` are read: `label` (when absent) or `refusal`, which reads whether the model declined and needs no label set.',
    ),
  logprobs: z
    .boolean()
    .optional()
    .describe('Ask endpoints for the log probability of answers, so that calibration can be stated; some refuse.'),
  slices: z
    .array(z.string().min(1))
    .default([])
    .describe('Parts of the rows that are reported apart: `label`, `group`, or the name of a tag.'),
  repeats: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe('How often each row is asked; its scores are averaged before anything is compared.'),
} as const;

/** One row of a suite. */
export const suiteRowSchema = z.strictObject({
  id: z.string().min(1),
  input: z.string(),
  output: z.string().describe('Expected answer; JSON text for sets, fields, spans and tool calls.'),
  messages: z
    .array(turnSchema)
    .optional()
    .describe('The conversation before the answer, where it is more than one user turn; `input` is its text.'),
  tools: z.array(toolSchema).optional().describe('Functions that may be called for this row, instead of the suite’s.'),
  group: z.string().optional().describe('Cluster: rows of one group are no independent evidence.'),
  tags: z.record(z.string(), z.string()).optional().describe('Values by which slices are made.'),
  origin: z.strictObject({ file: z.string(), line: z.int().positive() }).optional().describe('Where the row was read.'),
});
export type SuiteRow = z.infer<typeof suiteRowSchema>;

/** A suite with everything decided, as it is stored; its rows are JSON lines of their own. */
export const storedSuiteSchema = z.strictObject({
  name: z.string(),
  task: taskSchema,
  prompt: promptSchema,
  shots: z.array(z.strictObject({ id: z.string(), input: z.string(), output: z.string() })),
  labels: z.array(z.string()),
  response_schema: jsonSchemaSchema.optional(),
  tools: z.array(toolSchema).optional(),
  parser: z.enum(['label', 'refusal']).optional(),
  logprobs: z.boolean().optional(),
  scorers: z.array(metricSchema).min(1),
  slices: z.array(z.string()),
  critical_slices: z.array(criticalSliceSchema).optional(),
  repeats: z.int().min(1),
  max_tokens: z.int().positive(),
  timeout_s: z.number().positive(),
  patience_s: z.number().positive().default(900),
  rows: blobRefSchema,
  n: z.int().positive(),
});
export type StoredSuite = z.infer<typeof storedSuiteSchema>;
