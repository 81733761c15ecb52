// The JSON of a reply whose status says that all is well, which some endpoints say of garbage and of errors too.
import { errorOf, reportsError } from './error-body.ts';
import { AskError } from './model-client.ts';

/** Throws a transient AskError for a body that is not JSON, or that reports an error. */
export function replyJson(name: string, body: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new AskError('transient', `${name} answered 200 with a body that is not JSON`);
  }
  if (reportsError(value)) {
    throw hiddenError(name, value, 'answered 200 with an error');
  }
  return value;
}

/** The error that a body with status 200, or an event of a stream, reports. */
export function hiddenError(name: string, value: unknown, what: string): AskError {
  const { code, retryAfterMs } = errorOf(value);
  return new AskError('transient', `${name} ${what}${code === '' ? '' : ` (${code})`}`, retryAfterMs);
}
