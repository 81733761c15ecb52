// The same arm as the workflow `askArm` on a development server with a worker, beside the bare engine.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { controlQueue, workflowTypes } from '../../../domain/names.ts';
import { endpointArm } from '../../../evals/arms.ts';
import { connectClient } from '../../../infra/connection.ts';
import { servicesDown, servicesUp } from '../../../infra/services.ts';
import { loadSettings, packageRoot } from '../../../infra/settings.ts';
import { openStore } from '../../../registry/open-store.ts';
import { endpointOfFlag } from '../../../cli/endpoint-flag.ts';
import { loadSuite, storeSuite } from '../../../cli/load-suite.ts';
import { oneArm, oneArmSchema, ownEndpoint } from './own-tools.ts';
import type { Stub } from './stub.ts';
import type { Place } from './tool.ts';
import { takeTurn } from './turn.ts';

/** One way of asking the rows of one arm; both ways store shards and answers, none scores them. */
export interface AskTurn {
  readonly way: 'bare engine' | 'through Temporal';
  /** From the call of the engine, or the start of the workflow, to its result. */
  readonly seconds: number;
  readonly requestSeconds: number;
  readonly peak: number;
  readonly requests: number;
}

/** Takes turns; the first workflow of a worker is left out, since it also loads the workflow's code. */
export async function compareWithTemporal(place: Place, stub: Stub, rounds: number): Promise<AskTurn[]> {
  const home = join(place.folder, 'temporal');
  const [temporalPort, uiPort] = [await freePort(), await freePort()];
  const settings = loadSettings(
    {},
    {
      ...process.env,
      CONTENDER_HOME: home,
      CONTENDER_STORE: join(home, 'store'),
      CONTENDER_TEMPORAL_PORT: String(temporalPort),
      CONTENDER_TEMPORAL_UI_PORT: String(uiPort),
      // A profile of whoever runs this must not lead to another server.
      XDG_CONFIG_HOME: join(home, 'config'),
      PATH: `${join(packageRoot, '.contender', 'tools', 'bin')}:${process.env['PATH'] ?? ''}`,
    },
  );
  await servicesUp(settings, { gpuQueues: [] });
  const { client, connection } = await connectClient(settings);
  try {
    const store = await openStore(settings.store);
    const loaded = await loadSuite(place.suite, store);
    const suite = await storeSuite(store, loaded);
    const endpoint = endpointOfFlag('endpoint', ownEndpoint(place), settings.environment);
    const arm = endpointArm(endpoint, 'candidate', 'candidate');
    const rows = loaded.suite.rows.length;
    const shards = Math.ceil(rows / shardRows);
    const turns: AskTurn[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      await stub.reset();
      const started = performance.now();
      const key = `bench-${round}`;
      await client.workflow.execute(workflowTypes.askArm, {
        taskQueue: controlQueue,
        workflowId: key,
        args: [
          {
            runKey: key,
            suite,
            arm,
            identity: `${arm.provider}/${arm.model}`,
            // Each round asks anew.
            cacheEpoch: key,
            rows,
            shardRows,
            fromShard: 0,
            toShard: shards,
            usd: null,
            requests: null,
            queue: null,
            timeouts: { trainMs: 3_600_000, heartbeatMs: 30_000, shardMs: 600_000 },
          },
        ],
      });
      const seconds = (performance.now() - started) / 1000;
      if (round > 0) {
        turns.push({ way: 'through Temporal', seconds, ...(await seen(stub)) });
        const { stdout } = await takeTurn(oneArm, { ...place, folder: join(place.folder, 'bare') }, stub);
        const { askSeconds } = oneArmSchema.parse(JSON.parse(stdout));
        turns.push({ way: 'bare engine', seconds: askSeconds, ...(await seen(stub)) });
      }
    }
    return turns;
  } finally {
    await connection.close();
    await servicesDown(settings);
  }
}

const shardRows = 200;

async function seen(stub: Stub) {
  const { wallMs, peak, requests } = await stub.stats();
  return { requestSeconds: wallMs / 1000, peak, requests };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
