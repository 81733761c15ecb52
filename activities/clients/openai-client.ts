// OpenAI and every endpoint that speaks its chat completions: our own server, the stand-in, vLLM, proxies.
import { APIConnectionError, APIError, APIUserAbortError, OpenAI } from 'openai';
import { askErrorOf } from './http-fault.ts';
import { AskError, type Answer, type ModelClient, type Question } from './model-client.ts';

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
    maxRetries: 0,
    timeout: endpoint.timeoutMs,
    logLevel: 'off',
    // A redirect would carry the key to another host.
    fetchOptions: { redirect: 'error' },
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
      const choice = completion.choices?.[0];
      if (choice === undefined) {
        throw new AskError('transient', `${endpoint.name} answered 200 without a choice`);
      }
      return {
        text: choice.message.content ?? choice.message.refusal ?? '',
        promptTokens: completion.usage?.prompt_tokens ?? 0,
        completionTokens: completion.usage?.completion_tokens ?? 0,
        finish: choice.finish_reason,
      };
    },
  };
}

function toAskError(error: unknown, endpoint: OpenAiEndpoint): unknown {
  if (error instanceof APIUserAbortError) {
    return error;
  }
  if (error instanceof APIConnectionError) {
    return new AskError('transient', `${endpoint.name} could not be reached (${error.message})`);
  }
  return error instanceof APIError ? askErrorOf(error, endpoint.name, endpoint.keyName) : error;
}
