// npm run bench -- clients: processor time that one question costs, by the way in which it is sent.
//
// A local endpoint answers after 50 ms; 64 questions are in flight. Every way sends the same questions, in turns, several
// rounds; the page gives medians. The global fetch and the vendor's package are what we would use otherwise.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import OpenAI from 'openai';
import pMap from 'p-map';
import { chatClient } from '../../activities/clients/chat-client.ts';
import { providerClient } from '../../activities/clients/provider-client.ts';
import { baselineSchema } from '../../domain/recipe-baseline.ts';
import { packageRoot } from '../../infra/settings.ts';

const questions = 2000;
const concurrency = 64;
const latencyMs = 50;
const rounds = 5;
const prompt = [
  { role: 'system' as const, content: 'Assign the diagnosis to its chapter. Answer with the title only.' },
  { role: 'user' as const, content: 'Acute myocardial infarction of anterior wall' },
];
const signal = new AbortController().signal;

interface Way {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
}

interface Cost {
  readonly cpuMs: number;
  readonly wallS: number;
}

const folder = await mkdtemp(join(tmpdir(), 'contender-bench-'));
const rows = join(folder, 'rows.jsonl');
await writeFile(rows, `${JSON.stringify({ text: prompt[1]?.content, label: 'Diseases of the circulatory system' })}\n`);
const stub = spawn(
  process.execPath,
  [join(packageRoot, 'scripts/bench/eval/stub-server.ts'), rows, String(latencyMs)],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
try {
  const [line] = await once(stub.stdout, 'data');
  const port = /\d{2,5}/u.exec(String(line))?.[0] ?? '';
  const ways = await waysTo(`http://127.0.0.1:${port}/v1`);
  const before = loadavg()[0] ?? 0;
  const costs = new Map(ways.map(({ name }) => [name, [] as Cost[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      costs.get(way.name)?.push(await costOf(way));
    }
  }
  const load = Math.max(before, loadavg()[0] ?? 0);
  const page = pageOf(costs, load);
  console.log(page);
  await writeFile(join(packageRoot, 'docs/benchmarks/clients.md'), page);
} finally {
  stub.kill();
  await rm(folder, { recursive: true });
}

async function waysTo(baseUrl: string): Promise<Way[]> {
  const access = {
    baseline: baselineSchema.parse({ provider: 'openai', model: 'm' }),
    secret: () => 'key',
    timeoutMs: 60_000,
    baseUrl,
  };
  const chat = chatClient({ name: 'stub', keys: undefined, model: 'm', baseUrl, apiKey: 'key', timeoutMs: 60_000 });
  const sdk = await providerClient('openai', access);
  const vendor = new OpenAI({ apiKey: 'key', baseURL: baseUrl, maxRetries: 0, logLevel: 'off' });
  const body = JSON.stringify({ model: 'm', messages: prompt, max_tokens: 64, temperature: 0 });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer key' };
  return [
    {
      name: 'our chat client (`openai-compatible`, served models)',
      ask: () => chat.ask({ messages: prompt, maxTokens: 64, signal }),
    },
    { name: 'our AI SDK client (`openai`)', ask: () => sdk.ask({ messages: prompt, maxTokens: 64, signal }) },
    {
      name: 'global fetch, JSON parsed',
      ask: async () =>
        JSON.parse(await (await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })).text()),
    },
    {
      name: 'package `openai`',
      ask: () => vendor.chat.completions.create({ model: 'm', messages: prompt, max_tokens: 64, temperature: 0 }),
    },
  ];
}

async function costOf({ ask }: Way): Promise<Cost> {
  const started = performance.now();
  const cpu = process.cpuUsage();
  await pMap(Array.from({ length: questions }), ask, { concurrency });
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000 / questions, wallS: (performance.now() - started) / 1000 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function pageOf(costs: ReadonlyMap<string, readonly Cost[]>, load: number): string {
  const lines = [...costs].map(
    ([name, some]) =>
      `| ${name} | ${median(some.map(({ cpuMs }) => cpuMs)).toFixed(2)} | ${median(some.map(({ wallS }) => wallS)).toFixed(2)} |`,
  );
  return `# Cost of asking

Made by \`npm run bench -- clients\`; do not edit.

A local endpoint answers after ${latencyMs} ms; ${questions} questions, ${concurrency} in flight, one Node.js process. The least
possible time is ${((questions / concurrency) * latencyMs) / 1000} s. Medians of ${rounds} rounds in which the ways take turns.

| way | processor ms a question | seconds in all |
| --- | ---: | ---: |
${lines.join('\n')}

${cpus().length} cores of ${cpus()[0]?.model.replaceAll(/\s+/gu, ' ').trim() ?? 'unknown'}, Node.js ${process.versions.node}. The machine's load was at most ${load.toFixed(1)}; above 2
other work was running too, and the seconds are not to be relied on.
`;
}
