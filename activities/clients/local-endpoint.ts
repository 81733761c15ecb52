// A local HTTP server that answers as a test says, for the tests of the clients.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LocalRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

interface Head {
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/** A reply that is sent at once. */
export interface WholeReply extends Head {
  readonly body: string | object;
}

/** A reply that is sent in parts, `waitMs` apart, and then ends, breaks off, or stays open for ever. */
export interface PartedReply extends Head {
  readonly parts: readonly (string | Uint8Array)[];
  readonly waitMs?: number;
  readonly end: 'whole' | 'cut' | 'never';
}

/** `never` leaves the request without an answer. */
export type LocalAnswer = 'never' | WholeReply | PartedReply;

export interface LocalEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly LocalRequest[];
}

/** Answers every request alike, or as a function of it says. */
export async function localEndpoint(
  answer: LocalAnswer | ((request: LocalRequest) => LocalAnswer),
): Promise<LocalEndpoint> {
  const requests: LocalRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: parsed(Buffer.concat(chunks).toString('utf8')),
      };
      requests.push(received);
      void reply(response, typeof answer === 'function' ? answer(received) : answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function reply(response: ServerResponse, answer: LocalAnswer): Promise<void> {
  if (answer === 'never') {
    return;
  }
  const { status = 200, headers = {} } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  if ('body' in answer) {
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    return;
  }
  response.flushHeaders();
  for (const part of answer.parts) {
    response.write(part);
    await sleep(answer.waitMs ?? 0);
  }
  if (answer.end === 'whole') {
    response.end();
  } else if (answer.end === 'cut') {
    response.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
