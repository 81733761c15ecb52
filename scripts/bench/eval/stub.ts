// The stub endpoint as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../../infra/settings.ts';

const statsSchema = z.strictObject({
  requests: z.int(),
  peak: z.int(),
  abandoned: z.int(),
  wallMs: z.number(),
  answered: z.int(),
  texts: z.int(),
  paidTwice: z.int(),
  lostOnTheWay: z.int(),
  lostAfterMs: z.number(),
});
/** What the stub saw since it was reset; `wallMs` runs from the first request to the last answer. */
export type StubStats = z.output<typeof statsSchema>;

export interface Stub {
  /** Up to and with `/v1`. */
  readonly url: string;
  reset(): Promise<void>;
  stats(): Promise<StubStats>;
  stop(): void;
}

/** Starts a stub that knows these rows and answers each question after `latencyMs`. */
export async function startStub(jsonl: string, latencyMs: number): Promise<Stub> {
  const script = join(packageRoot, 'scripts', 'bench', 'eval', 'stub-server.ts');
  const child = spawn(process.execPath, [script, jsonl, String(latencyMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const port = /\d{2,5}/u.exec(String(line))?.[0] ?? '';
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/v1`,
    async reset() {
      await fetch(`${origin}/reset`, { method: 'POST' });
    },
    stats: async () => statsSchema.parse(await (await fetch(`${origin}/stats`)).json()),
    stop: () => child.kill(),
  };
}
