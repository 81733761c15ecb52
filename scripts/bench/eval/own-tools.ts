// Contender's own sides: one arm as the other tools have it, and the whole command with two arms and a verdict.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../../infra/settings.ts';
import { compiledCodeFolder } from '../../../cli/compiled-code.ts';
import type { Place, Tool } from './tool.ts';

/** What one-arm.ts prints. */
export const oneArmSchema = z.object({
  rows: z.int(),
  errors: z.int(),
  accuracy: z.number(),
  requests: z.int(),
  askSeconds: z.number(),
  cpuSeconds: z.object({ loading: z.number(), asking: z.number(), scoring: z.number() }),
  peakRssMiB: z.object({ loading: z.number(), asking: z.number(), scoring: z.number() }),
});

const evalSchema = z.object({
  scorecards: z.array(z.object({ arm: z.object({ kind: z.string() }), n: z.int(), correct: z.int() })),
});

export function ownEndpoint({ url, concurrency }: Place, model = 'stub'): string {
  return `openai-compatible/${model},base_url=${url},max_concurrency=${concurrency}`;
}

/** A home of its own, empty before each round, so that nothing is found answered. Compiled code is kept, as the command keeps it. */
export function ownEnvironment({ folder }: Place): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: compiledCodeFolder,
    CONTENDER_HOME: join(folder, 'home'),
    CONTENDER_STORE: join(folder, 'home', 'store'),
  };
}

export const oneArm: Tool = {
  name: 'Contender, one arm',
  version: '',
  arms: 1,
  prepare: emptyHome,
  command: (place) => ({
    file: process.execPath,
    args: [join(packageRoot, 'scripts', 'bench', 'eval', 'one-arm.ts'), place.suite, ownEndpoint(place)],
    env: ownEnvironment(place),
  }),
  accuracy: async (_, stdout) => oneArmSchema.parse(JSON.parse(stdout)).accuracy,
};

export const wholeCommand: Tool = {
  name: '`contender eval`, two arms',
  version: '',
  arms: 2,
  prepare: emptyHome,
  command: (place) => {
    const flags = ['--model', ownEndpoint(place, 'one'), '--baseline', ownEndpoint(place, 'other')];
    return {
      file: process.execPath,
      args: [join(packageRoot, 'cli', 'main.ts'), '--json', 'eval', place.suite, ...flags],
      env: ownEnvironment(place),
    };
  },
  async accuracy(_, stdout) {
    const { scorecards } = evalSchema.parse(JSON.parse(stdout));
    const right = scorecards.map(({ n, correct }) => correct / n);
    return right[0] === right[1] ? (right[0] ?? Number.NaN) : Number.NaN;
  },
};

async function emptyHome({ folder }: Place): Promise<void> {
  await rm(join(folder, 'home'), { recursive: true, force: true });
}
