// Replicate's predictions: https://replicate.com/docs/reference/http#predictions.create.
import type { WholeReply } from './local-endpoint.ts';
import { wireUsage, type Wire, type WireError } from './synthetic-wire.ts';

const fault = (status: number, title: string, detail: string, headers: Record<string, string> = {}): WholeReply => ({
  status,
  headers,
  body: { title, detail, status },
});

const errors: Readonly<Record<WireError, WholeReply>> = {
  'wrong key': fault(401, 'Unauthenticated', 'You did not pass a valid authentication token'),
  'unknown model': fault(404, 'Not found', 'The requested resource could not be found.'),
  'rate limit': fault(429, 'Too many requests', 'Request was throttled. Expected available in 7 seconds.', {
    'retry-after': '7',
  }),
  'no quota': fault(402, 'Insufficient credit', 'You have insufficient credit to run this model.'),
  overload: fault(503, 'Service unavailable', 'The service is overloaded'),
  'too long': fault(422, 'Input validation failed', 'prompt: input is too long'),
  'bad request': fault(422, 'Input validation failed', '- input: max_tokens is wrong'),
};

export const replicateWire: Wire = {
  baseline: { provider: 'replicate', model: 'org/m-1' },
  secrets: { REPLICATE_API_TOKEN: 'sk-test' },
  basePath: '/v1',
  path: '/v1/models/org/m-1/predictions',
  streamPath: '',
  auth: ({ authorization, prefer }) => [authorization, prefer],
  expectedAuth: ['Bearer sk-test', 'wait=5'],
  question: { input: { prompt: 'glaucoma', system_prompt: 'Which chapter?', max_tokens: 9, temperature: 0 } },
  answer: {
    status: 201,
    body: {
      id: 'p-1',
      model: 'org/m-1',
      version: 'hidden',
      status: 'succeeded',
      input: {},
      output: ['Diseases ', 'of the eye'],
      error: null,
      metrics: { predict_time: 0.2, input_token_count: wireUsage.prompt, output_token_count: wireUsage.completion },
      urls: { get: '', cancel: '' },
    },
  },
  finish: 'succeeded',
  error: (kind) => errors[kind],
  hiddenError: { status: 201, body: { id: 'p-1', status: 'failed', error: 'about glaucoma', output: null, urls: {} } },
  usage: { ...wireUsage, cached: 0 },
};
