// A local HTTP server that answers as a test says, for the tests of the clients.
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface LocalRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** `never` leaves the request without an answer. */
export type LocalAnswer =
  'never' | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string | object };

export interface LocalEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly LocalRequest[];
}

export async function localEndpoint(answer: LocalAnswer): Promise<LocalEndpoint> {
  const requests: LocalRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      });
      if (answer === 'never') {
        return;
      }
      const { status = 200, headers = {}, body } = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
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
