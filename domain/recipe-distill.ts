// A source's `distill` block: a teacher model answers the inputs.
import { z } from 'zod';
import { baselineSchema } from './recipe-baseline.ts';
import { promptSchema } from './recipe-prompt.ts';

export const distillSchema = z
  .strictObject({
    teacher: baselineSchema.describe('The model that answers, with its price and budget, as a baseline is described.'),
    prompt: promptSchema.describe('How the teacher is asked; the recipe’s own prompt is not used.'),
    max_tokens: z.int().positive().default(512).describe('Longest answer, in tokens of the teacher.'),
    keep: z
      .strictObject({
        pattern: z.string().min(1).optional().describe('Regular expression that an answer must match as a whole.'),
        labels: z.array(z.string().min(1)).optional().describe('The only answers that are kept.'),
        max_chars: z.int().positive().optional().describe('Longer answers are dropped.'),
      })
      .prefault({})
      .describe('Which answers become rows; others are listed as dropped.'),
    terms: z
      .string()
      .min(1)
      .describe(
        'Terms under which the teacher’s answers may be trained on; they go to the data card and the model card.',
      ),
  })
  .describe('Answers by a teacher model: `map.input` (or the shape’s prompt) is asked, the answer is the output.');
export type DistillRecipe = z.infer<typeof distillSchema>;
