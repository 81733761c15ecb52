// A fetch for the vendors' packages that goes to one host only, and that knows a fault before they see it.
import { Readable } from 'node:stream';
import { faultOf, type EndpointName } from './http-fault.ts';
import { AskError } from './model-client.ts';
import { replyJson } from './reply-json.ts';
import { brokenOff, openReply, readBody, type HttpRequest } from './transport.ts';

export interface BoundFetch extends EndpointName {
  /** Scheme, host and port that the key belongs to. */
  readonly origin: string;
}

/** One JSON document, a stream of events, or anything, which is then passed on as it arrives. */
export type ReplyKind = 'json' | 'events' | 'any';

/**
 * Throws AskError, or ContentRefused, for every reply that is no answer, so that the packages' own errors, which quote
 * request and reply, never come into being.
 */
export function boundFetch(bound: BoundFetch, kind: ReplyKind): typeof globalThis.fetch {
  const { name } = bound;
  return async (input, init) => {
    const request = await requestOf(bound, input, init);
    const { signal } = request;
    const reply = await openReply(name, request);
    const status = reply.statusCode ?? 0;
    const headers = plainHeaders(reply.headers);
    if (status < 200 || status >= 300) {
      throw faultOf({ status, headers: reply.headers, body: await readBody(name, reply, signal) }, bound);
    }
    if (kind === 'json') {
      const body = await readBody(name, reply, signal);
      replyJson(name, body);
      return new Response(body, { status, headers });
    }
    if (kind === 'events' && reply.headers['content-type']?.startsWith('application/json') === true) {
      replyJson(name, await readBody(name, reply, signal));
      throw new AskError('transient', `${name} was asked for a stream and sent none`);
    }
    const bytes = Readable.from(chunksOf(name, reply, signal), { objectMode: false });
    return new Response(Readable.toWeb(bytes), { status, headers });
  };
}

async function requestOf(
  bound: BoundFetch,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<HttpRequest> {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== bound.origin) {
    throw new AskError('endpoint', `the key for ${bound.name} goes to ${bound.origin} and not to ${url.origin}`);
  }
  const headers = Object.fromEntries(new Headers(init.headers));
  const signal = init.signal ?? new AbortController().signal;
  const method = init.method ?? 'GET';
  const { body } = init;
  if (body === undefined || body === null || typeof body === 'string') {
    return { url, method, headers, body: body ?? undefined, signal };
  }
  // Forms with files name their boundary themselves.
  const encoded = new Response(body);
  const type = encoded.headers.get('content-type');
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return { url, method, headers: type === null ? headers : { ...headers, 'content-type': type }, body: bytes, signal };
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
