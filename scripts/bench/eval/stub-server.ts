// A local endpoint with a fixed latency, for benchmarks: answers the gold label, or a wrong one for a fixed share of texts.
//
//   node scripts/bench/eval/stub-server.ts ROWS.jsonl LATENCY_MS [PORT]
//
// GET /stats tells what came since the last POST /reset; stub.ts names the figures.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { answerLedger } from './answer-ledger.ts';

const rowSchema = z.object({ text: z.string(), label: z.string() });
const requestSchema = z.object({ messages: z.array(z.object({ content: z.unknown() })) });

const [rowsFile = '', latency = '50', port = '0'] = process.argv.slice(2);
const latencyMs = Number(latency);
const gold = new Map<string, string>();
for (const line of readFileSync(rowsFile, 'utf8').split('\n')) {
  if (line !== '') {
    const { text, label } = rowSchema.parse(JSON.parse(line));
    gold.set(text, label);
  }
}
const labels = [...new Set(gold.values())];
const nextLabel = new Map(labels.map((label, index) => [label, labels[(index + 1) % labels.length] ?? label]));

/** The same text gets the same answer from every tool: about one text in ten a wrong label. */
function answerTo(text: string): string {
  const label = gold.get(text) ?? 'unknown';
  const isWrong = (createHash('sha1').update(text).digest()[0] ?? 0) >= 230;
  return isWrong ? (nextLabel.get(label) ?? label) : label;
}

const fresh = { requests: 0, inFlight: 0, peak: 0, abandoned: 0, first: 0, last: 0 };
let stats = { ...fresh };
let ledger = answerLedger<Socket>();

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { messages } = requestSchema.parse(JSON.parse(body));
  const prompt = String(messages.at(-1)?.content);
  const text = /Text: (?<text>.*)\nLabel:/su.exec(prompt)?.groups?.['text'] ?? '';
  const { socket } = request;
  const [counted, ledgerThen] = [stats, ledger];
  const timer = setTimeout(() => {
    counted.inFlight -= 1;
    response.on('finish', () => {
      counted.last = performance.now();
      ledgerThen.answered(socket, text, counted.last);
    });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id: 'stub',
        object: 'chat.completion',
        created: 0,
        model: 'stub',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answerTo(text) } }],
        usage: { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 },
      }),
    );
  }, latencyMs);
  response.on('close', () => {
    if (!response.headersSent) {
      clearTimeout(timer);
      counted.inFlight -= 1;
      counted.abandoned += 1;
    }
  });
}

const server = createServer((request, response) => {
  if (request.url === '/stats') {
    const { requests, peak, abandoned, first, last } = stats;
    response.end(JSON.stringify({ requests, peak, abandoned, wallMs: last - first, ...ledger.counts() }));
    return;
  }
  if (request.url === '/reset') {
    stats = { ...fresh };
    ledger = answerLedger();
    response.end();
    return;
  }
  stats.first = stats.requests === 0 ? performance.now() : stats.first;
  stats.requests += 1;
  stats.inFlight += 1;
  stats.peak = Math.max(stats.peak, stats.inFlight);
  ledger.asked(request.socket);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString('utf8')));
});
server.on('connection', (socket: Socket) => {
  socket.on('close', () => ledger.closed(socket, performance.now()));
});
// Tools that keep connections open must not be cut off between two questions.
server.keepAliveTimeout = 120_000;
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : 0);
});
