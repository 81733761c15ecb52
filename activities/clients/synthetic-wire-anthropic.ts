// Anthropic's Messages API: https://docs.anthropic.com/en/api/messages, …/api/errors, …/api/streaming.
import type { WholeReply } from './local-endpoint.ts';
import { wireText, wireTool, wireUsage, type Wire, type WireError } from './synthetic-wire.ts';

// Input tokens are counted without those read from the cache.
const usage = {
  input_tokens: wireUsage.prompt - wireUsage.cached,
  cache_read_input_tokens: wireUsage.cached,
  cache_creation_input_tokens: 0,
  output_tokens: wireUsage.completion,
};

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm-1', stop_sequence: null };

function reply(content: object[], stop = 'end_turn'): WholeReply {
  return {
    headers: {
      'anthropic-ratelimit-requests-remaining': '59',
      'anthropic-ratelimit-tokens-remaining': '9000',
      'anthropic-ratelimit-requests-reset': new Date(Date.now() + 1000).toISOString(),
    },
    body: { ...message, content, stop_reason: stop, usage },
  };
}

const fault = (status: number, type: string, text: string, headers: Record<string, string> = {}): WholeReply => ({
  status,
  headers,
  body: { type: 'error', error: { type, message: text }, request_id: 'req_1' },
});

const errors: Readonly<Record<WireError, WholeReply>> = {
  'wrong key': fault(401, 'authentication_error', 'invalid x-api-key'),
  'unknown model': fault(404, 'not_found_error', 'model: m-1'),
  'rate limit': fault(429, 'rate_limit_error', 'This request would exceed your rate limit', { 'retry-after': '7' }),
  'no quota': fault(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API'),
  overload: fault(529, 'overloaded_error', 'Overloaded'),
  'too long': fault(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  'bad request': fault(400, 'invalid_request_error', 'messages: at least one message is required'),
};

const event = (data: { type: string }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const delta = (index: number, text: string) =>
  event({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } } as { type: string });

export const anthropicWire: Wire = {
  baseline: { provider: 'anthropic', model: 'm-1' },
  secrets: { ANTHROPIC_API_KEY: 'sk-test' },
  basePath: '/v1',
  path: '/v1/messages',
  streamPath: '/v1/messages',
  auth: (headers) => [headers['x-api-key'], headers['anthropic-version']],
  expectedAuth: ['sk-test', '2023-06-01'],
  question: {
    model: 'm-1',
    max_tokens: 9,
    temperature: 0,
    system: [{ type: 'text', text: 'Which chapter?' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'glaucoma' }] }],
  },
  answer: reply([
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { type: 'text', text: 'Diseases ' },
    { type: 'text', text: 'of the eye' },
  ]),
  finish: 'end_turn',
  toolCall: reply(
    [{ type: 'tool_use', id: 'toolu_1', name: wireTool.name, input: JSON.parse(wireTool.arguments) }],
    'tool_use',
  ),
  refusal: reply([], 'refusal'),
  error: (kind) => errors[kind],
  hiddenError: { body: { type: 'error', error: { type: 'overloaded_error', message: 'about glaucoma' } } },
  usage: wireUsage,
  stream: {
    headers: { 'content-type': 'text/event-stream' },
    events: [
      event({
        type: 'message_start',
        message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      } as { type: string }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string }),
      event({ type: 'ping' }),
      delta(0, 'Diseases '),
      delta(0, wireText.slice('Diseases '.length)),
      event({ type: 'content_block_stop', index: 0 } as { type: string }),
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage } as {
        type: string;
      }),
      event({ type: 'message_stop' }),
    ],
    error: event({ type: 'error', error: { type: 'overloaded_error', message: 'about glaucoma' } } as { type: string }),
  },
};
