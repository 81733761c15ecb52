// Baselines that are asked in batches, on a real Temporal server with real workers, against a stub that speaks OpenAI's
// files and batches.
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { syntheticBatchInput } from '../../activities/batches/synthetic-batch-input.ts';
import { syntheticVendor, type Vendor, type VendorBatch } from '../../activities/batches/synthetic-vendor.ts';
import { controlQueue, workflowTypes } from '../../domain/names.ts';
import { packageRoot } from '../../infra/settings.ts';
import { openStore } from '../../registry/open-store.ts';
import type { askBatch } from '../../workflows/ask-batch.ts';
import { coinRows, contender, createProject, removeProject, writeRecipe, type Project } from '../server/project.ts';
import { readable } from '../server/readable-history.ts';
import { temporalOf, workerPid } from '../server/worker-process.ts';

const shared = inject('project');
const key = 'sk-marker-batches';
let project: Project;
let vendor: Vendor;
let temporal: { client: Client; close: () => Promise<void> };

beforeAll(async () => {
  vendor = await syntheticVendor('openai', () => new Date());
  const own = await createProject();
  const detour = pathToFileURL(join(packageRoot, 'tests', 'server', 'vendor-detour.ts')).href;
  project = {
    ...own,
    env: { ...own.env, NODE_OPTIONS: `--import=${detour}`, STUB_OF_OPENAI: vendor.url, OPENAI_API_KEY: key },
  };
  await mkdir(join(project.home, 'models'));
  await cp(join(shared.home, 'models', 'tiny-llama'), join(project.home, 'models', 'tiny-llama'), { recursive: true });
  const { exitCode, stderr } = await contender(project, ['up']);
  expect(exitCode, stderr).toBe(0);
  temporal = await temporalOf(project);
});
afterAll(async () => {
  await temporal.close();
  await contender(project, ['down']);
  await vendor[Symbol.asyncDispose]();
  await removeProject(project);
});

/** Three questions whose last messages end with `sky`, `sea` and `grass`. */
async function start(runKey: string): Promise<WorkflowHandle<typeof askBatch>> {
  const input = await syntheticBatchInput(await openStore(join(project.home, 'store')), 'openai', {
    runKey,
    // So that no run answers from the cache of another.
    cacheEpoch: runKey,
  });
  const timeouts = {
    trainMs: 60_000,
    heartbeatMs: 4000,
    shardMs: 60_000,
    batchPolls: { firstMs: 100, longestMs: 200 },
  };
  return await temporal.client.workflow.start<typeof askBatch>(workflowTypes.askBatch, {
    taskQueue: controlQueue,
    workflowId: `batch-${runKey}`,
    args: [{ ...input, timeouts }],
  });
}

/** A batch with so many questions, once it is there: the first, or that at another place. */
async function batchOf(questions: number, place = 0, timeout = 60_000): Promise<VendorBatch> {
  const found = () => vendor.batches.filter((batch) => batch.questions.size === questions)[place];
  await expect.poll(found, { timeout }).toBeDefined();
  return found() ?? expect.fail('it was there');
}

const looksAt = ({ id }: VendorBatch): number =>
  vendor.requests.filter(({ method, path }) => method === 'GET' && path === `/v1/batches/${id}`).length;

// Together, since each waits most of its time.
describe.concurrent('baselines in batches', { timeout: 180_000 }, () => {
  const killed = Promise.withResolvers<void>();

  it('are paid once when the worker is killed after submitting and before noting the id', async () => {
    vendor.trouble = 'held';
    const handle = await start('killed');
    const batch = await batchOf(3);
    process.kill(await workerPid(project, controlQueue), 'SIGKILL');
    expect((await contender(project, ['up'])).exitCode).toBe(0);
    killed.resolve();
    // More looks than one execution takes.
    await expect.poll(() => looksAt(batch), { timeout: 60_000 }).toBeGreaterThan(12);
    batch.state = 'ended';
    expect(await handle.result()).toMatchObject({ n: 3, errors: 0, requests: 3, incomplete: [], stopped: null });
    const again = vendor.batches.filter(({ questions }) => [...questions.keys()].some((id) => batch.questions.has(id)));
    expect(again).toEqual([batch]);

    const first = await handle.describe();
    const executions = [];
    for await (const { runId } of temporal.client.workflow.list({ query: `WorkflowId = '${first.workflowId}'` })) {
      executions.push(temporal.client.workflow.getHandle(first.workflowId, runId));
    }
    expect(executions.length).toBeGreaterThan(1);
    for (const execution of executions) {
      const { events } = await execution.fetchHistory();
      const text = readable(events);
      expect(events?.length).toBeLessThan(200);
      expect(text).toContain(batch.id);
      expect(text).not.toMatch(/sky|grass|green|sk-marker/u);
    }
  });

  it('are stopped at their vendor when their run is cancelled', async () => {
    await killed.promise;
    const handle = await start('cancelled');
    const batch = await batchOf(3, 1);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(batch).toMatchObject({ cancelled: true });
  });

  it('answer all rows of a run, at half of the price', async () => {
    await killed.promise;
    const recipe = await writeRecipe(project, 'batched', coinRows('batched', 200), (draft) => {
      draft.train['num_epochs'] = 2;
      draft.evaluate.arms.base = false;
      draft.evaluate.baselines = [
        { provider: 'openai', model: 'gpt-stub', batch: true, price: { input: 1, output: 2 }, budget_usd: 1 },
      ];
    });
    const run = contender(project, ['run', recipe, '--json']);
    const batch = await batchOf(60, 0, 110_000);
    batch.state = 'ended';
    const { stdout, stderr } = await run;
    expect(stderr).toBe('');
    const { scorecards, report } = JSON.parse(stdout) as {
      scorecards: { arm: { label: string }; n: number; errors: number; costUsd: number | null }[];
      report: string;
    };
    const baseline = scorecards.find(({ arm }) => arm.label === 'gpt-stub (openai, batch)');
    expect(baseline).toMatchObject({ n: 60, errors: 0 });
    // 10 tokens at 1 USD and 1 token at 2 USD a million, halved.
    expect(baseline?.costUsd).toBeCloseTo(60 * 6e-6, 9);
    expect(await readFile(report, 'utf8')).toContain('At the batch price, half of the stated one');
    expect(new Set(vendor.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([`Bearer ${key}`]));
    expect(vendor.requests.filter(({ path }) => path.includes('chat/completions'))).toEqual([]);

    await contender(project, ['run', recipe, '--json']);
    expect(vendor.batches.filter(({ questions }) => questions.size === 60)).toHaveLength(1);
  });
});
