// Anthropic's Messages API.
import { Anthropic, APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { askErrorOf } from './http-fault.ts';
import { AskError, type Answer, type ModelClient, type Question } from './model-client.ts';

export interface AnthropicEndpoint {
  readonly model: string;
  readonly apiKey: string;
  readonly keyName: string;
  readonly timeoutMs: number;
  /** Only tests set it. */
  readonly baseUrl?: string;
}

export function anthropicClient(endpoint: AnthropicEndpoint): ModelClient {
  const client = new Anthropic({
    apiKey: endpoint.apiKey,
    baseURL: endpoint.baseUrl ?? 'https://api.anthropic.com',
    maxRetries: 0,
    timeout: endpoint.timeoutMs,
    logLevel: 'off',
    fetchOptions: { redirect: 'error' },
  });

  return {
    async ask({ messages, maxTokens, signal }: Question): Promise<Answer> {
      const system = messages
        .filter(({ role }) => role === 'system')
        .map(({ content }) => content)
        .join('\n\n');
      const turns = messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }]));
      const message = await client.messages
        .create(
          { model: endpoint.model, max_tokens: maxTokens, messages: turns, ...(system === '' ? {} : { system }) },
          { signal },
        )
        .catch((error: unknown) => {
          throw toAskError(error, endpoint);
        });
      return {
        text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
        promptTokens: message.usage.input_tokens,
        completionTokens: message.usage.output_tokens,
        finish: message.stop_reason ?? 'unknown',
      };
    },
  };
}

function toAskError(error: unknown, endpoint: AnthropicEndpoint): unknown {
  if (error instanceof APIUserAbortError) {
    return error;
  }
  if (error instanceof APIConnectionError) {
    return new AskError('transient', `anthropic could not be reached (${error.message})`);
  }
  return error instanceof APIError ? askErrorOf(error, 'anthropic', endpoint.keyName) : error;
}
