// Kinds of task: they decide how answers are read and which metrics make sense.
import { z } from 'zod';

export const taskSchema = z.enum([
  'classification',
  'multi_label',
  'extraction',
  'ner',
  'summarization',
  'generation',
  'tool_calls',
]);
export type Task = z.infer<typeof taskSchema>;
