// Anthropic's Messages API.
import { Anthropic, APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { z } from 'zod';
import { askErrorOf } from './http-fault.ts';
import { AskError, bareAnswer, type Answer, type ModelClient, type Question } from './model-client.ts';

/** What is read of an answer. */
const messageSchema = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
  stop_reason: z.string().nullish(),
});

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
    // A redirect would carry the key to another host; it is reported as the answer it is.
    fetchOptions: { redirect: 'manual' },
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
      const parsed = messageSchema.safeParse(message);
      if (!parsed.success) {
        throw new AskError('transient', 'anthropic answered 200 without a message');
      }
      const { content, usage, stop_reason: finish } = parsed.data;
      return {
        ...bareAnswer,
        text: content.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join(''),
        promptTokens: usage.input_tokens,
        completionTokens: usage.output_tokens,
        finish: finish ?? 'unknown',
        refused: finish === 'refusal',
      };
    },
  };
}

function toAskError(error: unknown, endpoint: AnthropicEndpoint): unknown {
  if (error instanceof APIUserAbortError) {
    return error;
  }
  if (error instanceof SyntaxError) {
    return new AskError('transient', 'anthropic answered 200 with a body that is not JSON');
  }
  if (error instanceof APIConnectionError) {
    return new AskError('transient', `anthropic could not be reached (${error.message})`);
  }
  return error instanceof APIError ? askErrorOf(error, 'anthropic', endpoint.keyName) : error;
}
