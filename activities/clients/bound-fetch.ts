// A fetch for the vendors' packages that goes to one host only, and that knows a fault before they see it.
import { Readable } from 'node:stream';
import { faultOf, type EndpointName, type HttpReply } from './http-fault.ts';
import { AskError } from './model-client.ts';
import { replyJson } from './reply-json.ts';
import { brokenOff, openReply, readBody, type HttpRequest } from './transport.ts';

export interface BoundFetch extends EndpointName {
  /** Scheme, host and port that the key belongs to. */
  readonly origin: string;
}

/**
 * For whole replies. Throws AskError, or ContentRefused, for every reply that is no answer, so that the packages'
 * own errors, which quote request and reply, never come into being.
 */
export function boundFetch(bound: BoundFetch): typeof globalThis.fetch {
  return async (input, init) => {
    const request = requestOf(bound, input, init);
    const reply = await openReply(bound.name, request);
    const body = await readBody(bound.name, reply, request.signal);
    requireSuccess(bound, { status: reply.statusCode ?? 0, headers: reply.headers, body });
    replyJson(bound.name, body);
    return new Response(body, { status: 200, headers: plainHeaders(reply.headers) });
  };
}

/** For replies that arrive as streams of events. A reply that is no success is read whole and thrown likewise. */
export function boundStreamFetch(bound: BoundFetch): typeof globalThis.fetch {
  return async (input, init) => {
    const request = requestOf(bound, input, init);
    const { signal } = request;
    const reply = await openReply(bound.name, request);
    const status = reply.statusCode ?? 0;
    if (!isSuccess(status)) {
      requireSuccess(bound, { status, headers: reply.headers, body: await readBody(bound.name, reply, signal) });
    }
    if (reply.headers['content-type']?.startsWith('application/json') === true) {
      replyJson(bound.name, await readBody(bound.name, reply, signal));
      throw new AskError('transient', `${bound.name} was asked for a stream and sent none`);
    }
    const bytes = Readable.from(chunksOf(bound.name, reply, signal), { objectMode: false });
    return new Response(Readable.toWeb(bytes), { status: 200, headers: plainHeaders(reply.headers) });
  };
}

function requestOf(bound: BoundFetch, input: string | URL | Request, init: RequestInit = {}): HttpRequest {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== bound.origin) {
    throw new AskError('endpoint', `the key for ${bound.name} goes to ${bound.origin} and not to ${url.origin}`);
  }
  const { body } = init;
  if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new TypeError('only text and bytes are sent to models');
  }
  return {
    url,
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    body: body ?? undefined,
    signal: init.signal ?? new AbortController().signal,
  };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function requireSuccess(bound: BoundFetch, reply: HttpReply): void {
  if (!isSuccess(reply.status)) {
    throw faultOf(reply, bound);
  }
}

async function* chunksOf(name: string, reply: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* reply;
  } catch (error) {
    throw brokenOff(name, error, signal);
  }
}

function plainHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
