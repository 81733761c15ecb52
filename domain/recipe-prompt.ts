// What every arm is asked.
import { z } from 'zod';

export const promptSchema = z.strictObject({
  system: z.string().min(1).optional().describe('System message; the same at training and at serving.'),
  user: z
    .string()
    .includes('{input}', 'must contain {input}, where the row goes')
    .default('{input}')
    .describe("User message; {input} stands for the row's input."),
});
export type PromptRecipe = z.infer<typeof promptSchema>;
