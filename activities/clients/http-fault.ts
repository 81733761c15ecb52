// Sorts an endpoint's refusal to answer into the kinds of AskError, whoever the vendor is.
import { errorBodyOf, type ErrorBody } from './error-body.ts';
import { AskError } from './model-client.ts';
import { retryAfterMs, type ReplyHeaders } from './retry-after.ts';

/** Whose endpoint is asked, for messages. */
export interface EndpointName {
  /** For example `openai`, or an arm's label. */
  readonly name: string;
  /** Variables that hold its key, for people; undefined where none is needed. */
  readonly keys: string | undefined;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/** The prompt was refused for its content: an answer of its own kind, which the clients turn into one. */
export class ContentRefused extends Error {
  override readonly name = 'ContentRefused';
}

const noQuota =
  /insufficient_quota|insufficient balance|credit balance is too low|billing_hard_limit|exceeded_current_quota/u;
const wrongKey =
  /api_key_invalid|invalid_api_key|invalid api key|api key not valid|unrecognizedclient|authentication_error/u;
const contentFilter =
  /content_filter|responsibleaipolicyviolation|content_policy_violation|content management policy|data_inspection_failed/u;
const tooLong =
  /context_length|context window|maximum context|context length|prompt is too long|input is too long|too many (?:input )?tokens|string_above_max|request_too_large|exceeds the maximum number of tokens|max_model_len|must have less than \d+ tokens/u;
const unknownModel =
  /model_not_found|invalid_model|model_not_available|deploymentnotfound|model identifier is invalid|model not exist|(?:unknown|invalid|unsupported) model|model\b.{0,120}?\b(?:not found|does not exist|is not available|not supported)/u;
const unknownSetting =
  /unsupported_(?:parameter|value)|unknown_parameter|unrecognized request argument|extra inputs are not permitted/u;
const overloaded = /overloaded|throttl|rate_limit|rate limit|modelnotready|unavailable|resource_exhausted/u;

/** The fault behind a reply that is no answer. Its message holds status and code, never the body's text. */
export function faultOf({ status, headers, body }: HttpReply, endpoint: EndpointName): AskError | ContentRefused {
  const error = errorBodyOf(body);
  const amazon = /^[A-Za-z]{1,60}/u.exec(String(headers['x-amzn-errortype'] ?? ''))?.[0];
  return kindOf(
    status,
    { ...error, code: amazon ?? error.code, words: `${amazon?.toLowerCase() ?? ''} ${error.words}` },
    headers,
    endpoint,
  );
}

function kindOf(
  status: number,
  { code, words, retryAfterMs: stated }: ErrorBody,
  headers: ReplyHeaders,
  { name, keys }: EndpointName,
): AskError | ContentRefused {
  const label = `${name} answered ${status}${code === '' ? '' : ` (${code})`}`;
  const later = (): AskError => new AskError('transient', label, retryAfterMs(headers) ?? stated, status);
  const never = (why: string): AskError => new AskError('endpoint', `${label}: ${why}`, undefined, status);
  if (status >= 300 && status < 400) {
    return never('it sends requests elsewhere, and keys are bound to their host');
  }
  if (status === 402 || noQuota.test(words)) {
    return never('the account has no quota left');
  }
  if (status === 401 || status === 403 || (status === 400 && wrongKey.test(words))) {
    return never(`check the key${keys === undefined ? '' : ` in ${keys}`}, and what it may ask`);
  }
  if ([408, 409, 424, 425, 429].includes(status) || status >= 500) {
    return later();
  }
  if (status === 400 && contentFilter.test(words)) {
    return new ContentRefused(label);
  }
  if (status === 413 || tooLong.test(words)) {
    return new AskError('row', `${label}: the prompt is too long for the model`);
  }
  if (status === 404 || (unknownModel.test(words) && !unknownSetting.test(words))) {
    return never('check the model id');
  }
  if (unknownSetting.test(words)) {
    return never('it does not take a setting of the request; a model that reasons needs `reasoning: true`');
  }
  if (overloaded.test(words)) {
    return later();
  }
  return [405, 406, 410, 415, 421].includes(status) ? never('check the address') : new AskError('row', label);
}
