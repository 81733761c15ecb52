// A local endpoint that speaks OpenAI's chat completions, for baselines whose answers a test decides.
import { createServer, type Server } from 'node:http';

export interface StubEndpoint {
  readonly url: string;
  /** Every request so far: its Authorization header and body. */
  readonly requests: readonly { readonly authorization: string; readonly body: string }[];
  close(): Promise<void>;
}

/** `answer` gets the last user message and gives the completion, or an HTTP status with a body. */
export async function startStub(
  answer: (question: string) => string | { status: number; body: object },
): Promise<StubEndpoint> {
  const requests: { authorization: string; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ authorization: request.headers.authorization ?? '', body });
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const given = answer(messages.at(-1)?.content ?? '');
      response.setHeader('content-type', 'application/json');
      if (typeof given === 'object') {
        response.statusCode = given.status;
        response.end(JSON.stringify(given.body));
        return;
      }
      response.end(
        JSON.stringify({
          id: 'stub',
          object: 'chat.completion',
          created: 0,
          model: 'stub',
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: given } }],
          usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: async () =>
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
