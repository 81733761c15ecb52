// All arms answer the same test rows: serve what is ours, prove parity, ask in shards, score.
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import type { GpuActivities } from '../activities/gpu.ts';
import type { HostActivities } from '../activities/host.ts';
import type { Arm, ScorecardRef } from '../domain/scorecard.ts';
import type { AskResult, ContestInput, ContestResult, ServeInput, StageProgress } from '../domain/stage-inputs.ts';
import { serverReadySignal, stageProgressSignal } from './messages.ts';
import { askPolicy, controlPolicy, supervisorPolicy } from './policies.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

export async function contest(input: ContestInput): Promise<ContestResult> {
  const stored = await control.findContest.executeWithOptions({ summary: 'look for a stored result' }, [input.runKey]);
  if (stored !== null) {
    await show(input, { stage: 'serve', state: 'done', note: 'answered before' });
    return stored;
  }
  const hostQueues = new Map<ServeInput['kind'], string>();
  setHandler(serverReadySignal, (ready) => void hostQueues.set(ready.kind, ready.hostQueue));

  // Servers live in a scope of their own: cancelling it at the end stops them, and so does a cancelled run.
  const servers = new CancellationScope({ cancellable: true });
  const supervised: Promise<void>[] = [];
  let serverFault: unknown;

  async function serve(kind: ServeInput['kind'], queue: string): Promise<string> {
    const host = proxyActivities<GpuActivities>(supervisorPolicy(queue, input.timeouts.trainMs, input.timeouts));
    const spec = { ...pickContext(input), kind, base: input.base, adapters: { candidate: input.adapter } };
    const ended = servers.run(() =>
      host.serve.executeWithOptions({ summary: `serve ${kind} for ${input.recipeName}` }, [spec]),
    );
    supervised.push(
      ended.catch((error: unknown) => {
        if (!isCancellation(error)) {
          serverFault = error;
        }
      }),
    );
    await condition(() => hostQueues.has(kind) || serverFault !== undefined);
    return hostQueues.get(kind) ?? fail(serverFault);
  }

  async function askArm(arm: Arm, queue: string | undefined): Promise<ScorecardRef> {
    const endpoint = proxyActivities<HostActivities>(askPolicy(queue, input.timeouts));
    const shards: AskResult[] = [];
    for (let from = 0; from < input.testRows; from += input.shardRows) {
      const to = Math.min(from + input.shardRows, input.testRows);
      const ask = {
        ...pickContext(input),
        arm,
        identity: identityOf(arm, input),
        cacheEpoch: input.cacheEpoch,
        paidUsd: shards.reduce((sum, shard) => sum + shard.paidUsd, 0),
        shard: shards.length,
        from,
        to,
      };
      shards.push(await endpoint.ask.executeWithOptions({ summary: `ask ${arm.id}, rows ${from + 1}–${to}` }, [ask]));
    }
    return control.score.executeWithOptions({ summary: `score ${arm.id}` }, [{ ...pickContext(input), arm, shards }]);
  }

  try {
    await show(input, { stage: 'serve', state: 'running', note: 'starting servers' });
    const served = input.arms.filter((arm) => arm.provider === 'served');
    const standIns = input.arms.filter((arm) => arm.provider === 'stand-in');
    const remote = input.arms.filter((arm) => arm.provider !== 'served' && arm.provider !== 'stand-in');

    const host = await serve('language-model', input.gpuQueue);
    if (standIns.length > 0) {
      await serve('classical', host);
    }
    const checked = proxyActivities<HostActivities>(askPolicy(host, input.timeouts));
    const parity = await checked.checkParity.executeWithOptions({ summary: 'prompt tokens equal those at training' }, [
      { ...pickContext(input), adapter: input.adapter, model: 'candidate' },
    ]);
    await show(input, {
      stage: 'serve',
      state: 'done',
      note:
        parity.prompts === 0
          ? 'parity with training not proven: the trainer left no prompts to compare'
          : `${parity.prompts} prompts token for token as in training`,
    });

    // One arm after the other on our own accelerator; the providers' machines take theirs at the same time.
    const cards = await Promise.race([
      Promise.all([
        sequentially([...served, ...standIns], (arm) => askArm(arm, host)),
        Promise.all(remote.map((arm) => askArm(arm, undefined))),
      ]),
      condition(() => serverFault !== undefined).then(() => fail(serverFault)),
    ]);
    const byId = new Map(cards.flat().map((card) => [card.armId, card]));
    const result = {
      parityPrompts: parity.prompts,
      scorecards: input.arms.flatMap((arm) => byId.get(arm.id) ?? []),
    };
    return await control.keepContest.executeWithOptions({ summary: 'keep the result' }, [input.runKey, result]);
  } finally {
    await CancellationScope.nonCancellable(async () => {
      servers.cancel();
      await Promise.all(supervised);
    });
  }
}

function pickContext({ runKey, recipe, manifest, split }: ContestInput) {
  return { runKey, recipe, manifest, ...(split === undefined ? {} : { split }) };
}

/** What answers for an arm, for the request cache: our own weights by digest, others by provider and model id. */
function identityOf(arm: Arm, input: ContestInput): string {
  switch (arm.provider) {
    case 'served':
      return arm.model === 'base' ? input.base.sha256 : `${input.base.sha256}+${input.adapter.sha256}`;
    case 'stand-in':
      return `${arm.model}+${input.manifest.sha256}`;
    case 'openai':
    case 'azure':
    case 'anthropic':
    case 'bedrock':
    case 'vertex':
    case 'google':
    case 'mistral':
    case 'deepseek':
    case 'togetherai':
    case 'fireworks':
    case 'replicate':
    case 'openai-compatible':
    case 'imported':
      return `${arm.provider}/${arm.model}`;
    default:
      return arm.provider satisfies never;
  }
}

async function sequentially<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    results.push(await work(item));
  }
  return results;
}

async function show(input: ContestInput, progress: StageProgress): Promise<void> {
  if (input.reportTo !== null) {
    await getExternalWorkflowHandle(input.reportTo).signal(stageProgressSignal, progress);
  }
}

function fail(fault: unknown): never {
  throw fault instanceof Error ? fault : new Error('a model server ended before it was asked to');
}
