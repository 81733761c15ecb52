// Today's workflow code runs yesterday's histories to the same commands.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../infra/settings.ts';

const folder = join(packageRoot, 'tests', 'histories');
const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();

interface RecordedHistory {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId: string };
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  }[];
}

async function recorded(file: string): Promise<RecordedHistory> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as RecordedHistory;
}

async function replay(history: RecordedHistory): Promise<void> {
  const id = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  await Worker.runReplayHistory({ workflowsPath: join(packageRoot, 'workflows', 'index.ts') }, history, id);
}

describe('recorded histories', () => {
  it('are there for every workflow type', () => {
    const types = new Set(files.map((file) => file.split('@')[0]));
    expect(types).toEqual(new Set(['contend', 'contest', 'nightlyRegression', 'trainCandidate']));
  });

  it.each(files)('%s replays', async (file) => {
    await expect(replay(await recorded(file))).resolves.toBeUndefined();
  });

  it('do not replay when a step is another one, so this test can fail', async () => {
    const history = await recorded(files.find((name) => name.startsWith('trainCandidate')) ?? '');
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events) {
      if (scheduled !== undefined) {
        scheduled.activityType.name = 'anotherActivity';
      }
    }
    await expect(replay(history)).rejects.toThrow(/nondeterminism/iu);
  });
});
