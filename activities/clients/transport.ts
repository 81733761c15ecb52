// HTTP with connections that stay open. Several times less processor time a request than the global fetch
// (docs/providers.md has the figures); redirects are never followed, so a key stays with its host.
import * as http from 'node:http';
import * as https from 'node:https';
import type { HttpReply } from './http-fault.ts';
import { AskError } from './model-client.ts';

/** No answer to a question is longer; an endpoint that sends more sends garbage. */
const longestReplyBytes = 32 * 1024 * 1024;

// Shards follow each other on the same endpoints; new connections for each would cost a TLS handshake a request.
// Whoever asks limits the requests in flight, so that the pools need not.
const pooled = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: 256 } as const;
const agents = { 'http:': new http.Agent(pooled), 'https:': new https.Agent(pooled) };

export interface HttpRequest {
  readonly url: URL;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Sends a request and resolves with the reply's head. Throws AskError when there is none; `name` says whose. */
export async function openReply(name: string, request: HttpRequest): Promise<http.IncomingMessage> {
  const { url, method = 'POST', headers, body, signal } = request;
  const secure = url.protocol === 'https:';
  return await new Promise((resolve, reject) => {
    try {
      signal.throwIfAborted();
      const options = { method, headers, agent: agents[secure ? 'https:' : 'http:'] };
      const sent = (secure ? https : http).request(url, options, resolve);
      // Node's own option `signal` does the same, and watches the request as a stream besides, which costs more.
      const onAbort = (): void => void sent.destroy(asError(signal.reason));
      signal.addEventListener('abort', onAbort, { once: true });
      sent.on('close', () => signal.removeEventListener('abort', onAbort));
      sent.on('error', (error) => reject(connectionFault(name, error, signal)));
      sent.end(body);
    } catch (error) {
      reject(headerFault(name, error));
    }
  });
}

/** The whole reply, whatever its status. Throws AskError when it breaks off or never ends. */
export async function sendRequest(name: string, request: HttpRequest): Promise<HttpReply> {
  const reply = await openReply(name, request);
  return { status: reply.statusCode ?? 0, headers: reply.headers, body: await readBody(name, reply, request.signal) };
}

export async function readBody(name: string, reply: http.IncomingMessage, signal: AbortSignal): Promise<string> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    reply.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestReplyBytes) {
        reject(new AskError('transient', `${name} sent more than ${longestReplyBytes / 2 ** 20} MiB for one answer`));
        reply.destroy();
      }
    });
    reply.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    reply.on('error', (error) => reject(brokenOff(name, error, signal)));
  });
}

/** The fault of a reply that ended too early. */
export function brokenOff(name: string, error: unknown, signal: AbortSignal): Error {
  return signal.aborted
    ? asError(signal.reason)
    : new AskError('transient', `${name} cut the connection before its answer was whole (${codeOf(error)})`);
}

function connectionFault(name: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) {
    return asError(signal.reason);
  }
  const code = codeOf(error);
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/u.test(code)
    ? new AskError('endpoint', `${name} has a certificate that is not trusted here (${code})`)
    : new AskError('transient', `${name} could not be reached (${code})`);
}

function headerFault(name: string, error: unknown): Error {
  return codeOf(error) === 'ERR_INVALID_CHAR'
    ? new AskError('endpoint', `the key for ${name} has characters that no header may have, such as line breaks`)
    : asError(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no reason given';
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
