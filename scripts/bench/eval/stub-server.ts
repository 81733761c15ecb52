// A local endpoint with a fixed latency, for benchmarks: answers the gold label, or a wrong one for a fixed share of texts.
//
//   node scripts/bench/eval/stub-server.ts ROWS.jsonl LATENCY_MS [PORT]
//
// GET /stats tells how many requests came, how many were in flight at most, and the time from the first request to the
// last answer; POST /reset forgets them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { z } from 'zod';

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

/** The same text gets the same answer from every tool: about one text in ten a wrong label. */
function answerTo(text: string): string {
  const label = gold.get(text) ?? 'unknown';
  const isWrong = (createHash('sha1').update(text).digest()[0] ?? 0) >= 230;
  return isWrong ? (labels[(labels.indexOf(label) + 1) % labels.length] ?? label) : label;
}

const fresh = { requests: 0, inFlight: 0, peak: 0, first: 0, last: 0 };
let stats = { ...fresh };

const server = createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ requests: stats.requests, peak: stats.peak, wallMs: stats.last - stats.first }));
    return;
  }
  if (request.url === '/reset') {
    stats = { ...fresh };
    response.end();
    return;
  }
  stats.first = stats.requests === 0 ? performance.now() : stats.first;
  stats.requests += 1;
  stats.inFlight += 1;
  stats.peak = Math.max(stats.peak, stats.inFlight);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { messages } = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const prompt = String(messages.at(-1)?.content);
    const text = /Text: (?<text>.*)\nLabel:/su.exec(prompt)?.groups?.['text'] ?? '';
    setTimeout(() => {
      stats.inFlight -= 1;
      stats.last = performance.now();
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
  });
});
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address !== null ? address.port : 0);
});
