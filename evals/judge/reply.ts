// Reading a judge's reply. What is not exactly a judgement is unreadable: nothing is guessed from prose.
import { z } from 'zod';

const replySchema = z.strictObject({ winner: z.enum(['A', 'B', 'tie']), reason: z.string() });
export type JudgeReply = z.infer<typeof replySchema>;

/** The same shape as JSON Schema, for endpoints that are to be asked for structured output. */
export const judgeReplyJsonSchema = {
  type: 'object',
  properties: {
    winner: { type: 'string', enum: ['A', 'B', 'tie'] },
    reason: { type: 'string', description: 'One or two sentences.' },
  },
  required: ['winner', 'reason'],
  additionalProperties: false,
} as const;

/** Longest reason that is kept, in characters. */
const reasonLimit = 500;

const thinking = /^\s*<think>[\s\S]*?<\/think>/u;
const markdownFence = /^(`{3,}|~{3,})[ \t]*(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?\1$/iu;

/**
 * The reply when it is one JSON object of the schema and nothing else, or null. Accepted around it: white space, one
 * Markdown fence, and a leading `<think>` block, which some servers leave in. An object inside prose is not taken:
 * it may be quoted from an answer.
 */
export function readReply(text: string): JudgeReply | null {
  const bare = text
    .replace(/^\uFEFF/u, '')
    .replace(thinking, '')
    .trim();
  const body = markdownFence.exec(bare)?.[2] ?? bare;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = replySchema.safeParse(value);
  return parsed.success ? { ...parsed.data, reason: parsed.data.reason.slice(0, reasonLimit).toWellFormed() } : null;
}
