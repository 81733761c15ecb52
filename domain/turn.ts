// A turn of a conversation, as rows hold it.
import { z } from 'zod';

const callSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  arguments: z.record(z.string(), z.json()).describe('Arguments as an object, however the source wrote them.'),
});

/** One turn of a conversation before the answer. */
export const turnSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  calls: z.array(callSchema).optional().describe('Tool calls of an assistant turn.'),
  call_id: z.string().optional().describe('Which call a tool turn answers.'),
  weight: z.number().nonnegative().optional().describe('Weight in the loss of an assistant turn; 0 when absent.'),
});
export type Turn = z.infer<typeof turnSchema>;
