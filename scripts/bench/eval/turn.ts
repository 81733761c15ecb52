// One tool's turn: its process from start to end, and what the endpoint saw of it.
import { mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { execa } from 'execa';
import type { Stub } from './stub.ts';
import type { Place, Tool } from './tool.ts';

export interface Turn {
  readonly tool: string;
  /** From the first request to the last answer, in seconds, as the endpoint sees them. */
  readonly requestSeconds: number;
  /** From the start of the process to its end. */
  readonly processSeconds: number;
  readonly peak: number;
  readonly requests: number;
  readonly accuracy: number;
  /** The system's one-minute load before the turn. */
  readonly load: number;
}

/** Throws when the process asks nothing or tells no accuracy; some tools exit with a code when answers are wrong. */
export async function takeTurn(tool: Tool, place: Place, stub: Stub): Promise<Turn & { readonly stdout: string }> {
  await mkdir(place.folder, { recursive: true });
  await tool.prepare(place);
  const { file, args, env } = tool.command(place);
  const load = loadavg()[0] ?? Number.NaN;
  await stub.reset();
  const started = performance.now();
  const { stdout, exitCode, stderr } = await execa(file, args, {
    cwd: place.folder,
    env,
    stdin: 'ignore',
    reject: false,
  });
  const processSeconds = (performance.now() - started) / 1000;
  const { wallMs, peak, requests } = await stub.stats();
  if (exitCode !== 0 && requests === 0) {
    throw new Error(`${tool.name} exited with ${exitCode}: ${stderr.slice(-2000)}`);
  }
  const accuracy = await tool.accuracy(place, stdout);
  return { tool: tool.name, requestSeconds: wallMs / 1000, processSeconds, peak, requests, accuracy, load, stdout };
}
