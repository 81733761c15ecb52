// A sweep confirms one candidate on its test rows, also when others recover later.
import { beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../domain/canonical.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import type { SelectInput, SelectResult } from '../domain/sweep.ts';
import { syntheticArm, syntheticContestant, syntheticResult } from '../evals/synthetic.ts';
import { putBlob } from '../registry/blobs.ts';
import { memoryStore } from '../registry/memory-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import { selectCandidate } from './select-candidate.ts';
import { choiceOf, closeChoice, finalChoice } from './sweep-choice.ts';
import { syntheticDeps } from './synthetic-deps.ts';

const runKey = '0123456789abcdef';
let store: ObjectStore;
beforeEach(() => {
  store = memoryStore();
});

/** A trained candidate with this many of ten validation rows right. */
async function trained(id: string, right: number): Promise<SelectInput['candidates'][number]> {
  const results = Array.from({ length: 10 }, (_, index) => syntheticResult(index, index < right));
  const { scorecard } = syntheticContestant(syntheticArm('candidate'), results);
  const ref = await putBlob(store, canonicalJson(scorecard));
  return {
    id,
    label: id,
    state: 'trained',
    note: '',
    trainer: { seconds: 1, train_loss: 1, validation_loss: null },
    scorecard: {
      armId: 'candidate',
      kind: 'candidate',
      scorecard: ref,
      exactMatch: right / 10,
      n: 10,
      errors: 0,
      paidUsd: 0,
    },
  };
}

const failed: SelectInput['candidates'][number] = {
  id: 'c2',
  label: 'c2',
  state: 'failed',
  note: 'out of memory',
  trainer: null,
  scorecard: null,
};

async function select(...candidates: SelectInput['candidates']): Promise<SelectResult> {
  const blob = await putBlob(store, canonicalJson(syntheticRecipe()));
  return await selectCandidate(syntheticDeps({ store }), { runKey, recipe: blob, manifest: blob, candidates });
}

describe('the choice of a sweep', () => {
  it('is final at once when every candidate was trained', async () => {
    const choice = await select(await trained('c1', 5), await trained('c2', 8));
    expect(choice.chosen).toBe('c2');
    expect(await finalChoice(store, runKey)).toEqual(choice);
  });

  it('is made anew when a candidate recovers before anything was decided on the test rows', async () => {
    expect((await select(await trained('c1', 5), failed)).chosen).toBe('c1');
    expect(await finalChoice(store, runKey)).toBeNull();
    expect((await select(await trained('c1', 5), await trained('c2', 8))).chosen).toBe('c2');
  });

  it('stands once its candidate was decided on the test rows, though a better one recovers', async () => {
    const choice = await select(await trained('c1', 5), failed);
    expect(await choiceOf(store, `${runKey}/c1`)).toEqual(choice);
    await closeChoice(store, `${runKey}/c1`);
    expect(await select(await trained('c1', 5), await trained('c2', 8))).toEqual(choice);
    expect(await finalChoice(store, runKey)).toEqual(choice);
  });

  it('lets no second candidate be decided on the same rows', async () => {
    await select(await trained('c1', 5), failed);
    await select(await trained('c1', 5), await trained('c2', 8));
    await expect(closeChoice(store, `${runKey}/c1`)).rejects.toThrow('candidate c2 of this sweep was decided');
  });

  it('does not exist for a run with one candidate', async () => {
    await closeChoice(store, runKey);
    expect(await choiceOf(store, runKey)).toBeUndefined();
    expect(await Array.fromAsync(store.list('runs/'))).toEqual([]);
  });
});
