// What arguments of `compare` name, in a store in memory and in recorded logs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import { stageKey } from '../domain/refs.ts';
import { contestResultSchema } from '../domain/stage-inputs.ts';
import { recordedLog, recordedPath } from '../evals/imports/synthetic-logs.ts';
import { syntheticArm, syntheticContestant, syntheticResult } from '../evals/synthetic.ts';
import { putBlob } from '../registry/blobs.ts';
import { putJson } from '../registry/json.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import { findArms, namedArm } from './find-arms.ts';

const runKey = '0123456789abcdef';
let store: ObjectStore;
beforeEach(() => {
  store = memoryStore();
});

/** Arms of a run; returns the digests of their scorecards. */
async function storeRun(key: string): Promise<string[]> {
  const scorecards = [];
  for (const kind of ['candidate', 'base', 'baseline'] as const) {
    const results = Array.from({ length: 60 }, (_, index) => syntheticResult(index, true));
    const { arm, scorecard } = syntheticContestant(syntheticArm(kind), results);
    const lines = await putBlob(store, results.map((result) => `${canonicalJson(result)}\n`).join(''));
    const ref = await putBlob(store, canonicalJson({ ...scorecard, results: lines }));
    scorecards.push({ armId: arm.id, kind, scorecard: ref, exactMatch: 1, n: 60, errors: 0, paidUsd: 0 });
  }
  await putJson(store, stageKey(key, 'evaluate'), { parityPrompts: 0, scorecards }, contestResultSchema);
  return scorecards.map(({ scorecard }) => scorecard.sha256);
}

const nameOf = async (reference: string): Promise<string> => namedArm(await findArms(store, reference, [])).label;

describe('a reference', () => {
  it('to a run names its candidate, or an arm by id or label', async () => {
    await storeRun(runKey);
    const { arms } = await findArms(store, runKey, []);
    expect(arms.map(({ as }) => as)).toEqual(['candidate', 'base', 'baseline']);
    expect(await nameOf(runKey)).toBe('candidate');
    expect(await nameOf(`${runKey}#base`)).toBe('base');
    expect(await nameOf(`${runKey}#gpt-synthetic (openai)`)).toBe('gpt-synthetic (openai)');
  });

  it('to a sweep finds the contest of the candidate that it chose', async () => {
    await storeRun(`${runKey}/c02`);
    await store.put(
      stageKey(runKey, 'select'),
      JSON.stringify({
        chosen: 'c02',
        entries: [
          {
            id: 'c02',
            label: 'r 8',
            state: 'trained',
            note: '',
            trainSeconds: 1,
            trainLoss: 1,
            validationLoss: 1,
            validation: null,
            chosen: true,
          },
        ],
      }),
    );
    expect(await nameOf(runKey)).toBe('candidate');
  });

  it('to a scorecard is its digest or its key, and its rows come with it', async () => {
    const [, , digest = ''] = await storeRun(runKey);
    const found = namedArm(await findArms(store, digest, []));
    expect(found).toMatchObject({ from: 'store', sha256: digest });
    expect(found.from === 'store' ? found.contestant.results : []).toHaveLength(60);
    expect(await nameOf(`blobs/sha256/${digest.slice(0, 2)}/${digest}`)).toBe('gpt-synthetic (openai)');
  });

  it('to a log names its only arm, or one by provider, model or filter', async () => {
    expect(await nameOf(recordedPath('inspect-0.3.285-queues-stub-b.eval'))).toBe('openai-api/stub/stub-b');
    expect(await nameOf(`${recordedPath('promptfoo-0.123.1.json')}#tuned`)).toBe('tuned');
    expect(await nameOf(`${recordedPath('promptfoo-0.123.1.json')}#openai:chat:stub-a`)).toBe('tuned');
    expect(await nameOf(`${recordedPath('lm-eval-0.4.13-queues2-stub-a.jsonl')}#upper`)).toBe('upper');
  });

  it.each([
    ['missing.json', 'there is no such file, run or scorecard'],
    ['fedcba9876543210', 'there is no such file, run or scorecard'],
    ['../../etc/passwd/x', 'there is no such file, run or scorecard'],
    ['a'.repeat(64), 'there is no scorecard with this digest'],
    [`${recordedPath('promptfoo-0.123.1.json')}#gpt`, 'there is no arm "gpt"'],
    [recordedPath('promptfoo-0.123.1.json'), '2 arms are there; say which with #'],
  ])('that leads nowhere is refused: %s', async (reference, message) => {
    await expect(nameOf(reference)).rejects.toThrow(message);
  });
});

describe('a file with # in its name', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contender-arms-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('is the file first, and an arm only where there is no such file', async () => {
    const path = join(folder, 'run#1.jsonl');
    await writeFile(path, recordedLog('promptfoo-0.123.1.jsonl'));
    expect((await findArms(store, path, [])).arms).toHaveLength(2);
    expect(await nameOf(`${path}#tuned`)).toBe('tuned');
  });
});
