// Endpoints that speak OpenAI's chat completions: our own servers, vLLM, TGI, Ollama, proxies. Without a vendor's
// package, because this path must keep up with a fast server: 2,000 answers in less than two seconds.
import { z } from 'zod';
import { ContentRefused, faultOf, type EndpointName } from './http-fault.ts';
import { AskError, bareAnswer, refusedAnswer, type Answer, type ModelClient, type Question } from './model-client.ts';
import { sumOrNull } from './log-probability.ts';
import { replyJson } from './reply-json.ts';
import { rateLimitOf, type ReplyHeaders } from './retry-after.ts';
import { sendRequest } from './transport.ts';
import { withDeadline } from './with-deadline.ts';

export interface ChatEndpoint extends EndpointName {
  readonly model: string;
  /** With its /v1. */
  readonly baseUrl: string;
  /** Undefined for an endpoint that needs no key. */
  readonly apiKey: string | undefined;
  /** True for a model that reasons: it takes no temperature, and bounds its tokens by another name. */
  readonly reasoning?: boolean;
  readonly timeoutMs: number;
}

/** What is read of an answer: the least that every compatible endpoint keeps. */
const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(z.object({ function: z.object({ name: z.string(), arguments: z.string().nullish() }) }))
            .nullish(),
        }),
        finish_reason: z.string().nullish(),
        logprobs: z.object({ content: z.array(z.object({ logprob: z.number() })).nullish() }).nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.int().nonnegative().nullish(),
      completion_tokens: z.int().nonnegative().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.int().nonnegative().nullish() }).nullish(),
    })
    .nullish(),
});

export function chatClient(endpoint: ChatEndpoint): ModelClient {
  const { name, apiKey, timeoutMs } = endpoint;
  const url = new URL(`${endpoint.baseUrl.replace(/\/+$/u, '')}/chat/completions`);
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  };
  return {
    async ask(question) {
      const reply = await withDeadline({ name, timeoutMs, signal: question.signal }, (signal) =>
        sendRequest(name, { url, headers, body: bodyOf(endpoint, question), signal }),
      );
      if (reply.status !== 200) {
        const fault = faultOf(reply, endpoint);
        if (fault instanceof ContentRefused) {
          return refusedAnswer;
        }
        throw fault;
      }
      return answerOf(name, replyJson(name, reply.body), reply.headers);
    },
  };
}

function bodyOf({ model, reasoning = false }: ChatEndpoint, question: Question): string {
  const { messages, maxTokens, temperature = 0, seed, tools, responseSchema, logprobs } = question;
  return JSON.stringify({
    model,
    messages,
    ...(reasoning ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens, temperature }),
    seed,
    tools: tools?.map((tool) => ({ type: 'function', function: tool })),
    response_format:
      responseSchema === undefined
        ? undefined
        : { type: 'json_schema', json_schema: { name: 'answer', schema: responseSchema, strict: true } },
    logprobs: logprobs === true ? true : undefined,
  });
}

function answerOf(name: string, completion: unknown, headers: ReplyHeaders): Answer {
  const parsed = completionSchema.safeParse(completion);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) {
    throw new AskError('transient', `${name} answered 200 without a choice`);
  }
  const { message, logprobs, finish_reason: finish } = choice;
  const usage = parsed.data?.usage;
  const refusal = message.refusal ?? '';
  return {
    ...bareAnswer,
    text: message.content ?? refusal,
    promptTokens: usage?.prompt_tokens ?? 0,
    completionTokens: usage?.completion_tokens ?? 0,
    cachedPromptTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    finish: finish ?? 'unknown',
    toolCalls: (message.tool_calls ?? []).map((call) => ({
      name: call.function.name,
      arguments: call.function.arguments ?? '',
    })),
    logprob: sumOrNull(logprobs?.content?.map((token) => token.logprob)),
    refused: refusal !== '' || finish === 'content_filter',
    rateLimit: rateLimitOf(headers),
  };
}
