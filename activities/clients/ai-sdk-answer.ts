// The result of an AI SDK language model as our Answer.
import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { z } from 'zod';
import { logProbabilityOf } from './log-probability.ts';
import { AskError, bareAnswer, type Answer, type ToolCall } from './model-client.ts';
import { rateLimitOf } from './retry-after.ts';

/** Some packages drop what chat completions say instead of an answer. */
const refusalSchema = z.object({
  choices: z.tuple([z.object({ message: z.object({ refusal: z.string().nullish() }) })], z.unknown()),
});

/** Name under which the packages ask for structured output as a tool, where a model knows no other way. */
const jsonTool = 'json';

/** Throws a transient AskError when the reply held neither an answer nor the reason why there is none. */
export function answerOfResult(name: string, result: LanguageModelV4GenerateResult): Answer {
  const { content, finishReason, usage, response } = result;
  if (content.length === 0 && finishReason.raw === undefined && finishReason.unified !== 'content-filter') {
    throw new AskError('transient', `${name} answered 200 without an answer`);
  }
  const toolCalls = content.flatMap((part) => toolCallOf(part) ?? []);
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const [only] = toolCalls;
  const asTool = text === '' && toolCalls.length === 1 && only?.name === jsonTool;
  const end = endOf(finishReason);
  const refusal = refusalSchema.safeParse(response?.body).data?.choices[0].message.refusal ?? '';
  return {
    ...bareAnswer,
    ...usageOf(usage),
    ...end,
    text: asTool ? only.arguments : text === '' ? refusal : text,
    toolCalls: asTool ? [] : toolCalls,
    logprob: logProbabilityOf(response?.body),
    refused: end.refused || refusal !== '',
    rateLimit: rateLimitOf(response?.headers ?? {}),
  };
}

export function toolCallOf(part: LanguageModelV4Content | { readonly type: string }): ToolCall | undefined {
  return part.type === 'tool-call' && 'toolName' in part ? { name: part.toolName, arguments: part.input } : undefined;
}

export function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage) {
  return {
    promptTokens: inputTokens.total ?? 0,
    completionTokens: outputTokens.total ?? 0,
    cachedPromptTokens: inputTokens.cacheRead ?? 0,
  };
}

export function endOf({ unified, raw }: LanguageModelV4FinishReason) {
  return { finish: raw ?? unified, refused: unified === 'content-filter' || raw === 'content_filter' };
}
