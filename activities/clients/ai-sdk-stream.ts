// Collects the stream of an AI SDK language model into one Answer.
import type { LanguageModelV4StreamPart, LanguageModelV4StreamResult } from '@ai-sdk/provider';
import { endOf, toolCallOf, usageOf } from './ai-sdk-answer.ts';
import { AskError, bareAnswer, type Answer, type ToolCall } from './model-client.ts';
import { hiddenError } from './reply-json.ts';
import { rateLimitOf } from './retry-after.ts';

/**
 * `started` is the time of the request on the clock of performance.now(). Throws a transient AskError for a stream that
 * ends before the answer does, that reports an error, or that holds what is no event. Logprobs are not collected.
 */
export async function collectStream(
  name: string,
  { stream, response }: LanguageModelV4StreamResult,
  started: number,
): Promise<Answer> {
  let text = '';
  let firstTokenMs: number | null = null;
  const toolCalls: ToolCall[] = [];
  let finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined;
  for await (const part of stream) {
    if (part.type === 'error') {
      throw streamFault(name, part.error);
    }
    if (isToken(part) && firstTokenMs === null) {
      firstTokenMs = Math.round((performance.now() - started) * 10) / 10;
    }
    if (part.type === 'text-delta') {
      text += part.delta;
    }
    if (part.type === 'finish') {
      finish = part;
    }
    toolCalls.push(...[toolCallOf(part)].filter((call) => call !== undefined));
  }
  // Some packages end a stream that broke off as if all were well; a reason of the endpoint's own they cannot make up.
  if (finish === undefined || finish.finishReason.raw === undefined || finish.finishReason.unified === 'error') {
    throw new AskError('transient', `${name} ended its stream before its answer was whole`);
  }
  return {
    ...bareAnswer,
    ...usageOf(finish.usage),
    ...endOf(finish.finishReason),
    text,
    toolCalls,
    firstTokenMs,
    rateLimit: rateLimitOf(response?.headers ?? {}),
  };
}

/** Reasoning counts: it is what a person who waits would see first. */
function isToken({ type }: LanguageModelV4StreamPart): boolean {
  return ['text-delta', 'reasoning-delta', 'tool-input-delta', 'tool-call'].includes(type);
}

function streamFault(name: string, error: unknown): unknown {
  return error instanceof Error ? error : hiddenError(name, { error }, 'broke off its stream with an error');
}
