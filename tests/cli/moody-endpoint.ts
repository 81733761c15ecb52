// A local chat completions endpoint whose mood a test decides: it answers, throttles, lies, hangs or dies.
import { createServer, type ServerResponse } from 'node:http';

/** What one request gets. */
export type Mood =
  | { readonly kind: 'answer'; readonly text: string; readonly delayMs?: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly code?: string;
    }
  | { readonly kind: 'raw'; readonly body: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' };

export interface MoodyEndpoint {
  readonly url: string;
  /** Inputs that were answered and whose answer went out whole, in order. */
  readonly answered: readonly string[];
  /** When each of these answers went out, in milliseconds of `performance.now()`. */
  readonly answeredAt: readonly number[];
  /** All requests. */
  requests(): number;
  /** Most requests in flight at once. */
  peak(): number;
  close(): Promise<void>;
}

/** `mood` gets the text behind `Text: ` in the prompt and the number of the request, from 0. */
export async function startMoody(mood: (text: string, request: number) => Mood): Promise<MoodyEndpoint> {
  const answered: string[] = [];
  const answeredAt: number[] = [];
  const counts = { requests: 0, inFlight: 0, peak: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    counts.inFlight += 1;
    counts.peak = Math.max(counts.peak, counts.inFlight);
    response.on('close', () => {
      counts.inFlight -= 1;
    });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const prompt = Buffer.concat(chunks).toString('utf8');
      const text = /Text: (?<text>[^"\\]*)/u.exec(prompt)?.groups?.['text'] ?? '';
      const given = mood(text, counts.requests);
      counts.requests += 1;
      const delayMs = given.kind === 'answer' ? (given.delayMs ?? 0) : 0;
      setTimeout(() => {
        // Whoever died before the answer was sent has not been told it.
        if (given.kind === 'answer' && request.socket.writable) {
          answered.push(text);
          answeredAt.push(performance.now());
        }
        respond(response, given);
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`,
    answered,
    answeredAt,
    requests: () => counts.requests,
    peak: () => counts.peak,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function respond(response: ServerResponse, mood: Mood): void {
  response.setHeader('content-type', 'application/json');
  switch (mood.kind) {
    case 'answer':
      response.end(completion(mood.text));
      return;
    case 'status':
      response.writeHead(mood.status, mood.headers);
      response.end(JSON.stringify({ error: { message: 'no', code: mood.code ?? 'none' } }));
      return;
    case 'raw':
      response.end(mood.body);
      return;
    case 'cut':
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"choices": [');
      response.destroy();
      return;
    case 'hang':
      return;
    default:
      mood satisfies never;
  }
}

export function completion(text: string): string {
  return JSON.stringify({
    id: 'moody',
    object: 'chat.completion',
    created: 0,
    model: 'moody',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  });
}
