// Sorts an endpoint's HTTP status into the kinds of AskError; both vendors' packages report errors alike.
import { AskError } from './model-client.ts';

/** What the vendors' error classes have in common. */
export interface HttpFault {
  readonly status?: number | undefined;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly headers?: Headers | undefined;
}

/** `name` says whose endpoint it was, `keyName` the variable that holds its key. */
export function askErrorOf(fault: HttpFault, name: string, keyName: string | undefined): AskError {
  const { status } = fault;
  const code = [fault.code, fault.type].find((word): word is string => typeof word === 'string') ?? '';
  const label = `${name} answered ${status ?? 'nothing'}${code === '' ? '' : ` (${code})`}`;
  if (status === undefined || status === 408 || status === 409 || status === 425 || status >= 500) {
    return new AskError('transient', label, retryAfter(fault.headers));
  }
  if (status === 429) {
    // An exhausted account does not recover by waiting.
    return code === 'insufficient_quota'
      ? new AskError('endpoint', `${label}: the account has no quota left`)
      : new AskError('transient', label, retryAfter(fault.headers));
  }
  if (status >= 300 && status < 400) {
    return new AskError('endpoint', `${label}: it sends requests elsewhere, and keys are bound to their host`);
  }
  if (status === 401 || status === 403) {
    return new AskError('endpoint', `${label}: check the key${keyName === undefined ? '' : ` in ${keyName}`}`);
  }
  if (status === 404) {
    return new AskError('endpoint', `${label}: check the model id`);
  }
  return new AskError('row', label);
}

/** Retry-After in seconds or as a date, after RFC 9110 section 10.2.3, in milliseconds. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const precise = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(precise)) {
    return precise;
  }
  const value = headers?.get('retry-after');
  if (value === null || value === undefined) {
    return undefined;
  }
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
