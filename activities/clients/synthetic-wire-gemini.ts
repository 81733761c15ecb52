// Gemini's generateContent, of Google's API and of Vertex AI in express mode: https://ai.google.dev/api/generate-content,
// https://ai.google.dev/gemini-api/docs/troubleshooting.
import type { WholeReply } from './local-endpoint.ts';
import { sse, wireText, wireTool, wireUsage, type Wire, type WireError } from './synthetic-wire.ts';

const usageMetadata = {
  promptTokenCount: wireUsage.prompt,
  cachedContentTokenCount: wireUsage.cached,
  candidatesTokenCount: wireUsage.completion,
  totalTokenCount: wireUsage.prompt + wireUsage.completion,
};

const candidates = (parts: object[], finishReason?: string) => [
  { index: 0, content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }) },
];
const reply = (parts: object[], finishReason = 'STOP'): WholeReply => ({
  body: { candidates: candidates(parts, finishReason), usageMetadata, modelVersion: 'm-1' },
});

const fault = (code: number, status: string, message: string, details: object[] = []): WholeReply => ({
  status: code,
  body: { error: { code, message, status, details } },
});
const type = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });

const errors: Readonly<Record<WireError, WholeReply>> = {
  // A wrong key is a bad request here.
  'wrong key': fault(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    { ...type('ErrorInfo'), reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
  ]),
  'unknown model': fault(404, 'NOT_FOUND', 'models/m-1 is not found for API version v1beta'),
  'rate limit': fault(429, 'RESOURCE_EXHAUSTED', 'You exceeded your rate limit', [
    { ...type('RetryInfo'), retryDelay: '7s' },
  ]),
  'no quota': fault(403, 'PERMISSION_DENIED', 'Billing is not enabled on this project'),
  overload: fault(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  'too long': fault(
    400,
    'INVALID_ARGUMENT',
    'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
  ),
  'bad request': fault(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'),
};

export const googleWire: Wire = {
  baseline: { provider: 'google', model: 'm-1' },
  secrets: { GEMINI_API_KEY: 'sk-test' },
  basePath: '/v1beta',
  path: '/v1beta/models/m-1:generateContent',
  streamPath: '/v1beta/models/m-1:streamGenerateContent?alt=sse',
  auth: (headers) => headers['x-goog-api-key'],
  expectedAuth: 'sk-test',
  question: {
    generationConfig: { maxOutputTokens: 9, temperature: 0 },
    systemInstruction: { parts: [{ text: 'Which chapter?' }] },
    contents: [{ role: 'user', parts: [{ text: 'glaucoma' }] }],
  },
  answer: reply([{ text: 'Diseases ' }, { text: 'of the eye' }]),
  finish: 'STOP',
  toolCall: reply([{ functionCall: { name: wireTool.name, args: JSON.parse(wireTool.arguments) } }]),
  refusal: reply([{ text: '' }], 'SAFETY'),
  // The prompt was blocked: no candidates, and status 200.
  filtered: {
    body: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 } },
  },
  error: (kind) => errors[kind],
  hiddenError: { body: { error: { code: 500, message: 'about glaucoma', status: 'INTERNAL' } } },
  usage: wireUsage,
  stream: {
    headers: { 'content-type': 'text/event-stream' },
    events: sse([
      { candidates: candidates([{ text: 'Diseases ' }]) },
      { candidates: candidates([{ text: wireText.slice('Diseases '.length) }], 'STOP'), usageMetadata },
    ]),
    error: sse([{ error: { code: 500, message: 'about glaucoma', status: 'INTERNAL' } }]).join(''),
  },
};

export const vertexWire: Wire = {
  ...googleWire,
  baseline: { provider: 'vertex', model: 'm-1' },
  secrets: { GOOGLE_VERTEX_API_KEY: 'sk-test' },
  basePath: '/v1/publishers/google',
  path: '/v1/publishers/google/models/m-1:generateContent',
  streamPath: '/v1/publishers/google/models/m-1:streamGenerateContent?alt=sse',
};
