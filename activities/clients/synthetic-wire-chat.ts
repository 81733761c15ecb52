// Chat completions as OpenAI documents them (https://platform.openai.com/docs/api-reference/chat), and the vendors that
// follow them with errors of their own.
import type { Provider } from '../../domain/providers.ts';
import type { WholeReply } from './local-endpoint.ts';
import { sse, wireText, wireTool, wireUsage, type Wire, type WireError } from './synthetic-wire.ts';

const usage = {
  prompt_tokens: wireUsage.prompt,
  completion_tokens: wireUsage.completion,
  total_tokens: wireUsage.prompt + wireUsage.completion,
  prompt_tokens_details: { cached_tokens: wireUsage.cached },
  // DeepSeek's name for the same.
  prompt_cache_hit_tokens: wireUsage.cached,
  prompt_cache_miss_tokens: wireUsage.prompt - wireUsage.cached,
};

function completion(message: object, finish = 'stop', more: object = {}): WholeReply {
  return {
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_767_225_600,
      model: 'm-1',
      choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', ...message }, ...more }],
      usage,
    },
    headers: {
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-remaining-tokens': '9000',
      'x-ratelimit-reset-requests': '1s',
    },
  };
}

function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: 'm-1' };
  return { ...head, choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

const deltas = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Diseases ' }),
  chunk({ content: 'of the eye' }),
];
const events = sse([...deltas, chunk({}, 'stop'), { ...chunk({}), choices: [], usage }]);
const fault = (status: number, error: object, headers: Record<string, string> = {}): WholeReply => ({
  status,
  headers,
  body: { error },
});

/** OpenAI's own: https://platform.openai.com/docs/guides/error-codes. */
const openAiErrors: Readonly<Record<WireError, WholeReply>> = {
  'wrong key': fault(401, {
    message: 'Incorrect API key provided: sk-t***',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  }),
  'unknown model': fault(404, {
    message: 'The model `m-1` does not exist',
    type: 'invalid_request_error',
    code: 'model_not_found',
  }),
  'rate limit': fault(
    429,
    { message: 'Rate limit reached for requests', type: 'requests', code: 'rate_limit_exceeded' },
    { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '7s', 'x-ratelimit-remaining-tokens': '10' },
  ),
  'no quota': fault(429, {
    message: 'You exceeded your current quota',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  overload: fault(503, { message: 'The engine is currently overloaded', type: 'server_error' }),
  'too long': fault(400, {
    message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
  }),
  'bad request': fault(400, { message: 'We could not parse your request', type: 'invalid_request_error', code: null }),
};

const plain: Wire = {
  baseline: { provider: 'openai', model: 'm-1' },
  secrets: { OPENAI_API_KEY: 'sk-test' },
  basePath: '/v1',
  path: '/v1/chat/completions',
  streamPath: '/v1/chat/completions',
  auth: ({ authorization }) => authorization,
  expectedAuth: 'Bearer sk-test',
  question: {
    model: 'm-1',
    max_tokens: 9,
    temperature: 0,
    messages: [
      { role: 'system', content: 'Which chapter?' },
      { role: 'user', content: 'glaucoma' },
    ],
  },
  answer: completion({ content: wireText }, 'stop', {
    logprobs: {
      content: [
        { token: 'D', logprob: -0.25, bytes: null, top_logprobs: [] },
        { token: 'e', logprob: -0.5, bytes: null, top_logprobs: [] },
      ],
    },
  }),
  finish: 'stop',
  toolCall: completion(
    { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: wireTool }] },
    'tool_calls',
  ),
  refusal: completion({ content: null, refusal: 'I cannot help with that.' }),
  error: (kind) => openAiErrors[kind],
  hiddenError: { body: { error: { message: 'about glaucoma', type: 'server_error' } } },
  usage: wireUsage,
  stream: {
    headers: { 'content-type': 'text/event-stream' },
    events: [...events, 'data: [DONE]\n\n'],
    error: 'data: {"error":{"message":"about glaucoma","type":"server_error"}}\n\n',
  },
};

/** The same wire elsewhere: with other keys, and with the errors that this vendor documents. */
function like(change: Partial<Wire>, errors: Partial<Record<WireError, WholeReply>> = {}): Wire {
  return { ...plain, ...change, error: (kind) => errors[kind] ?? openAiErrors[kind] };
}

export const chatWires = {
  openai: plain,
  azure: like(
    {
      baseline: { provider: 'azure', model: 'm-1', resource: 'ours', api_version: '2026-01-01' },
      secrets: { AZURE_API_KEY: 'sk-test' },
      basePath: '/openai',
      path: '/openai/deployments/m-1/chat/completions?api-version=2026-01-01',
      streamPath: '/openai/deployments/m-1/chat/completions?api-version=2026-01-01',
      auth: (headers) => headers['api-key'],
      expectedAuth: 'sk-test',
      // https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
      filtered: fault(400, {
        message: 'The response was filtered due to the prompt triggering Azure OpenAI’s content management policy',
        code: 'content_filter',
        innererror: { code: 'ResponsibleAIPolicyViolation' },
      }),
    },
    {
      'wrong key': fault(401, { code: '401', message: 'Access denied due to invalid subscription key' }),
      'unknown model': fault(404, { code: 'DeploymentNotFound', message: 'The API deployment does not exist' }),
      'rate limit': fault(
        429,
        { code: '429', message: 'Requests have exceeded the call rate limit' },
        { 'retry-after': '7' },
      ),
    },
  ),
  mistral: like(
    {
      baseline: { provider: 'mistral', model: 'm-1' },
      secrets: { MISTRAL_API_KEY: 'sk-test' },
      question: {
        ...plain.question,
        messages: [{ role: 'system' }, { role: 'user', content: [{ type: 'text', text: 'glaucoma' }] }],
      },
      refusal: completion({ content: '' }, 'content_filter'),
      // The last event has the reason and the usage: https://docs.mistral.ai/api/#operation/createChatCompletion.
      stream: {
        headers: { 'content-type': 'text/event-stream' },
        events: [...sse([...deltas, chunk({ content: '' }, 'stop', { usage })]), 'data: [DONE]\n\n'],
        error: 'data: {"object":"error","message":"about glaucoma","type":"server_error","code":"3000"}\n\n',
      },
    },
    {
      'wrong key': { status: 401, body: { detail: 'Unauthorized' } },
      'unknown model': {
        status: 400,
        body: { object: 'error', message: 'Invalid model: m-1', type: 'invalid_model', code: '1500' },
      },
      'rate limit': {
        status: 429,
        headers: { 'retry-after': '7' },
        body: { object: 'error', message: 'Requests rate limit exceeded', type: 'rate_limited', code: '1300' },
      },
      'too long': {
        status: 400,
        body: {
          object: 'error',
          message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
          type: 'invalid_request_prompt',
        },
      },
    },
  ),
  deepseek: like(
    {
      baseline: { provider: 'deepseek', model: 'm-1' },
      secrets: { DEEPSEEK_API_KEY: 'sk-test' },
      basePath: '',
      path: '/chat/completions',
      streamPath: '/chat/completions',
      refusal: completion({ content: '' }, 'content_filter'),
    },
    // https://api-docs.deepseek.com/quick_start/error_codes
    {
      'wrong key': fault(401, {
        message: 'Authentication Fails',
        type: 'authentication_error',
        code: 'invalid_request_error',
      }),
      'unknown model': fault(400, {
        message: 'Model Not Exist',
        type: 'invalid_request_error',
        code: 'invalid_request_error',
      }),
      'rate limit': fault(429, { message: 'Rate limit reached', type: 'rate_limit_error' }, { 'retry-after': '7' }),
      'no quota': fault(402, { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' }),
    },
  ),
  togetherai: like(
    { baseline: { provider: 'togetherai', model: 'm-1' }, secrets: { TOGETHER_API_KEY: 'sk-test' } },
    {
      'unknown model': fault(404, {
        message: 'Unable to access model m-1',
        type: 'invalid_request_error',
        code: 'model_not_available',
      }),
      'rate limit': fault(
        429,
        { message: 'Request was rejected due to request rate limiting', type: 'rate_limit' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' },
      ),
      'no quota': fault(402, { message: 'Credit limit exceeded', type: 'credit_limit' }),
    },
  ),
  fireworks: like(
    {
      baseline: { provider: 'fireworks', model: 'm-1' },
      secrets: { FIREWORKS_API_KEY: 'sk-test' },
      basePath: '/inference/v1',
      path: '/inference/v1/chat/completions',
      streamPath: '/inference/v1/chat/completions',
    },
    {
      'unknown model': fault(404, {
        object: 'error',
        type: 'invalid_request_error',
        code: 'NOT_FOUND',
        message: 'Model not found',
      }),
      'no quota': fault(402, { object: 'error', type: 'error', message: 'Payment required' }),
    },
  ),
  'openai-compatible': like(
    {
      baseline: {
        provider: 'openai-compatible',
        model: 'm-1',
        base_url: 'http://replaced.example/v1',
        api_key_env: 'TEAM_KEY',
      },
      secrets: { TEAM_KEY: 'sk-test' },
    },
    // vLLM: a number as code. Proxies say what they like.
    {
      'unknown model': fault(404, { message: 'The model `m-1` does not exist.', type: 'NotFoundError', code: 404 }),
      'too long': fault(400, {
        message: "This model's maximum context length is 2048 tokens.",
        type: 'BadRequestError',
        code: 400,
      }),
      overload: { status: 503, body: 'upstream connect error' },
    },
  ),
} satisfies Partial<Record<Provider, Wire>>;
