// OpenAI and every endpoint that speaks its chat completions: our own server, the stand-in, vLLM, proxies.
import { APIConnectionError, APIError, APIUserAbortError, OpenAI } from 'openai';
import { z } from 'zod';
import { askErrorOf } from './http-fault.ts';
import { AskError, bareAnswer, type Answer, type ModelClient, type Question } from './model-client.ts';

/** What is read of an answer; the package's own types promise more than every compatible endpoint keeps. */
const completionSchema = z.object({
  choices: z.array(
    z.object({
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
});

export interface OpenAiEndpoint {
  readonly name: string;
  readonly model: string;
  /** Base URL with /v1; undefined for OpenAI itself. */
  readonly baseUrl: string | undefined;
  readonly apiKey: string;
  readonly keyName: string | undefined;
  readonly timeoutMs: number;
}

export function openAiClient(endpoint: OpenAiEndpoint): ModelClient {
  const { baseUrl } = endpoint;
  const client = new OpenAI({
    apiKey: endpoint.apiKey,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    // The package would take these from the environment and send them to whoever is asked.
    ...(baseUrl === undefined ? {} : { organization: null, project: null, adminAPIKey: null }),
    maxRetries: 0,
    timeout: endpoint.timeoutMs,
    logLevel: 'off',
    // A redirect would carry the key to another host; it is reported as the answer it is.
    fetchOptions: { redirect: 'manual' },
  });
  // OpenAI's own models take `max_completion_tokens` and may refuse a temperature; others know the older names.
  const settings = (maxTokens: number) =>
    baseUrl === undefined ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens, temperature: 0 };

  return {
    async ask({ messages, maxTokens, signal }: Question): Promise<Answer> {
      const completion = await client.chat.completions
        .create({ model: endpoint.model, messages: [...messages], ...settings(maxTokens) }, { signal })
        .catch((error: unknown) => {
          throw toAskError(error, endpoint);
        });
      const parsed = completionSchema.safeParse(completion);
      const choice = parsed.data?.choices[0];
      if (choice === undefined) {
        throw new AskError('transient', `${endpoint.name} answered 200 without a choice`);
      }
      return {
        ...bareAnswer,
        text: choice.message.content ?? choice.message.refusal ?? '',
        promptTokens: parsed.data?.usage?.prompt_tokens ?? 0,
        completionTokens: parsed.data?.usage?.completion_tokens ?? 0,
        finish: choice.finish_reason ?? 'unknown',
        refused: typeof choice.message.refusal === 'string',
      };
    },
  };
}

function toAskError(error: unknown, endpoint: OpenAiEndpoint): unknown {
  if (error instanceof APIUserAbortError) {
    return error;
  }
  if (error instanceof SyntaxError) {
    return new AskError('transient', `${endpoint.name} answered 200 with a body that is not JSON`);
  }
  if (error instanceof APIConnectionError) {
    return new AskError('transient', `${endpoint.name} could not be reached (${error.message})`);
  }
  return error instanceof APIError ? askErrorOf(error, endpoint.name, endpoint.keyName) : error;
}
