// Today's workflow code runs yesterday's histories to the same commands.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../infra/settings.ts';

const folder = join(packageRoot, 'tests', 'histories');
const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();

describe('recorded histories', () => {
  it('are there for every workflow type', () => {
    const types = new Set(files.map((file) => file.split('@')[0]));
    expect(types).toEqual(new Set(['contend', 'contest', 'nightlyRegression', 'trainCandidate']));
  });

  it.each(files)('%s replays', async (file) => {
    const history: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
    await expect(Worker.runReplayHistory({ workflowsPath: join(packageRoot, 'workflows', 'index.ts') }, history)).resolves.toBeUndefined();
  });

  it('do not replay when a step is missing, so this test can fail', async () => {
    const history = JSON.parse(await readFile(join(folder, files.find((name) => name.startsWith('trainCandidate')) ?? ''), 'utf8')) as {
      events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
    };
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events) {
      if (scheduled !== undefined) {
        scheduled.activityType.name = 'anotherActivity';
      }
    }
    await expect(Worker.runReplayHistory({ workflowsPath: join(packageRoot, 'workflows', 'index.ts') }, history)).rejects.toThrow(/[Nn]ondeterminism|does not match/u);
  });
});
