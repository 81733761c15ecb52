// Amazon Bedrock's Converse and ConverseStream: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
import { crc32 } from 'node:zlib';
import type { WholeReply } from './local-endpoint.ts';
import { wireText, wireTool, wireUsage, type Wire, type WireError } from './synthetic-wire.ts';

// Input tokens are counted without those read from the cache.
const usage = {
  inputTokens: wireUsage.prompt - wireUsage.cached,
  cacheReadInputTokens: wireUsage.cached,
  outputTokens: wireUsage.completion,
  totalTokens: wireUsage.prompt + wireUsage.completion,
};
const metrics = { latencyMs: 20 };
const reply = (content: object[], stopReason = 'end_turn'): WholeReply => ({
  body: { output: { message: { role: 'assistant', content } }, stopReason, usage, metrics },
});

const fault = (status: number, name: string, message: string): WholeReply => ({
  status,
  headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
  body: { message },
});

const errors: Readonly<Record<WireError, WholeReply>> = {
  'wrong key': fault(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
  'unknown model': fault(400, 'ValidationException', 'The provided model identifier is invalid.'),
  'rate limit': {
    ...fault(429, 'ThrottlingException', 'Too many requests, please wait'),
    headers: { 'retry-after': '7' },
  },
  'no quota': fault(403, 'AccessDeniedException', 'You do not have access to the model'),
  overload: fault(503, 'ServiceUnavailableException', 'The service is unavailable'),
  'too long': fault(400, 'ValidationException', 'Input is too long for requested model.'),
  'bad request': fault(400, 'ValidationException', 'Malformed input request'),
};

/** One message of an event stream (application/vnd.amazon.eventstream): lengths, headers, payload, two checksums. */
function frame(headers: Record<string, string>, payload: object): Uint8Array {
  const body = Buffer.from(JSON.stringify(payload));
  const encoded = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(Buffer.byteLength(value));
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ]);
    }),
  );
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + encoded.length + body.length, 0);
  prelude.writeUInt32BE(encoded.length, 4);
  const start = Buffer.concat([prelude, checksum(prelude), encoded, body]);
  return Buffer.concat([start, checksum(start)]);
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

const event = (name: string, payload: object): Uint8Array =>
  frame({ ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' }, payload);

export const bedrockWire: Wire = {
  baseline: { provider: 'bedrock', model: 'm-1', region: 'eu-west-1' },
  secrets: { AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'sk-test' },
  basePath: '',
  path: '/model/m-1/converse',
  streamPath: '/model/m-1/converse-stream',
  auth: ({ authorization }) => authorization?.replace(/\/\d{8}\/.*/u, ''),
  expectedAuth: 'AWS4-HMAC-SHA256 Credential=AKIDTEST',
  question: {
    inferenceConfig: { maxTokens: 9, temperature: 0 },
    system: [{ text: 'Which chapter?' }],
    messages: [{ role: 'user', content: [{ text: 'glaucoma' }] }],
  },
  answer: reply([{ text: 'Diseases ' }, { text: 'of the eye' }]),
  finish: 'end_turn',
  toolCall: reply(
    [{ toolUse: { toolUseId: 'tooluse_1', name: wireTool.name, input: JSON.parse(wireTool.arguments) } }],
    'tool_use',
  ),
  refusal: reply([{ text: 'The guardrail intervened.' }], 'guardrail_intervened'),
  error: (kind) => errors[kind],
  hiddenError: { body: { error: { message: 'about glaucoma' } } },
  usage: wireUsage,
  stream: {
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    events: [
      event('messageStart', { role: 'assistant' }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Diseases ' } }),
      event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: wireText.slice('Diseases '.length) } }),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      event('messageStop', { stopReason: 'end_turn' }),
      event('metadata', { usage, metrics }),
    ],
    error: frame(
      { ':exception-type': 'throttlingException', ':content-type': 'application/json', ':message-type': 'exception' },
      { message: 'about glaucoma' },
    ),
  },
};
