// The model servers of a contest: started when an arm needs them, gone when the contest is over.
import { CancellationScope, condition, isCancellation, proxyActivities, setHandler } from '@temporalio/workflow';
import type { GpuActivities } from '../activities/gpu.ts';
import type { RunTimeouts } from '../domain/run.ts';
import type { ServeInput } from '../domain/stage-inputs.ts';
import { serverReadySignal } from './messages.ts';
import { supervisorPolicy } from './policies.ts';

export interface ModelServers {
  /** Starts a server and gives the queue of its machine once it answers. Throws what the server failed with. */
  start(spec: ServeInput, queue: string): Promise<string>;
  /** The result, unless a server fails before. */
  whileUp<Result>(work: Promise<Result>): Promise<Result>;
  /** Stops the servers that run and waits until they are gone. */
  stop(): Promise<void>;
}

/** Servers live in a scope of their own: cancelling it stops them, and so does a cancelled run. */
export function modelServers(recipeName: string, timeouts: RunTimeouts): ModelServers {
  const hostQueues = new Map<ServeInput['kind'], string>();
  setHandler(serverReadySignal, (ready) => void hostQueues.set(ready.kind, ready.hostQueue));
  let scope = new CancellationScope({ cancellable: true });
  let supervised: Promise<void>[] = [];
  let fault: unknown;

  return {
    async start(spec, queue) {
      const host = proxyActivities<GpuActivities>(supervisorPolicy(queue, timeouts.trainMs, timeouts));
      const ended = scope.run(() =>
        host.serve.executeWithOptions({ summary: `serve ${spec.kind} for ${recipeName}` }, [spec]),
      );
      supervised.push(
        ended.catch((error: unknown) => {
          if (!isCancellation(error)) {
            fault = error;
          }
        }),
      );
      await condition(() => hostQueues.has(spec.kind) || fault !== undefined);
      return hostQueues.get(spec.kind) ?? fail(fault);
    },
    whileUp: async (work) => await Promise.race([work, condition(() => fault !== undefined).then(() => fail(fault))]),
    async stop() {
      await CancellationScope.nonCancellable(async () => {
        scope.cancel();
        await Promise.all(supervised);
      });
      scope = new CancellationScope({ cancellable: true });
      supervised = [];
      hostQueues.clear();
    },
  };
}

function fail(fault: unknown): never {
  throw fault instanceof Error ? fault : new Error('a model server ended before it was asked to');
}
