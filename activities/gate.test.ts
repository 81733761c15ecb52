// Gate and promotion on a store in memory: a candidate that wins every row, and what licences make of it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DatasetRow } from '../domain/dataset.ts';
import { canonicalJson, sha256 } from '../domain/canonical.ts';
import type { Recipe } from '../domain/recipe.ts';
import { syntheticRecipe } from '../domain/synthetic-recipe.ts';
import type { ScorecardRef } from '../domain/scorecard.ts';
import type { GateInput } from '../domain/stage-inputs.ts';
import { trainerResultSchema, type TrainResult } from '../domain/training.ts';
import { verdictSchema, type Verdict } from '../domain/verdict.ts';
import { buildScorecard } from '../evals/scorecard.ts';
import { suiteDigest } from '../evals/suite.ts';
import { syntheticArm, syntheticResult } from '../evals/synthetic.ts';
import { getBlob, putBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { getModelVersion } from '../registry/models.ts';
import { readLog } from '../registry/read-log.ts';
import type { ObjectStore } from '../registry/store.ts';
import { gate } from './gate.ts';
import { promote } from './promote.ts';
import { finalChoice, keepOpenChoice } from './sweep-choice.ts';
import { syntheticDeps } from './synthetic-deps.ts';

const research = 'Qwen/Qwen2.5-3B-Instruct';
const rowCount = 80;
let store: ObjectStore;
beforeEach(() => {
  store = memoryStore();
});

async function putLines(values: readonly unknown[]) {
  return putBlob(store, values.map((value) => `${canonicalJson(value)}\n`).join(''));
}

/** A run up to its gate: the candidate has every row right, the baseline none. */
async function contested(
  runKey: string,
  change: Parameters<typeof syntheticRecipe>[0],
  trainingInput: (input: string) => string = (input) => `another ${input}`,
): Promise<GateInput> {
  const recipe: Recipe = syntheticRecipe((draft) => {
    draft.evaluate.arms = { base: false, few_shot: 0 };
    draft.route = { name: 'tests/colours' };
    change?.(draft);
  });
  const rows: DatasetRow[] = Array.from({ length: rowCount }, (_, index) => {
    const { rowId, expected } = syntheticResult(index, true);
    return { id: rowId, input: `text ${index}`, output: expected, origin: { file: 'rows.csv', line: index + 1 } };
  });
  const labels = [...new Set(rows.map(({ output }) => output))].toSorted();
  const { prompt, scorers } = recipe.evaluate;
  const suite = suiteDigest({
    name: recipe.name,
    task: recipe.task,
    rows,
    prompt,
    shots: [],
    labels,
    scorers,
    slices: [],
    repeats: 1,
  });
  const split = { rows: rowCount, groups: 0, file: await putLines(rows) };
  const learnt = rows.map((row) => ({ ...row, id: `train ${row.id}`, input: trainingInput(row.input) }));
  const train = { ...split, file: await putLines(learnt) };
  const manifest = await putBlob(
    store,
    canonicalJson({
      name: recipe.name,
      version: '0123456789abcdef',
      sources: [],
      settings: {},
      read: 3 * rowCount,
      kept: 3 * rowCount,
      dropped: {},
      labels,
      splits: { train, validation: split, test: split },
      droppedRows: await putLines([]),
    }),
  );
  const scorecards: GateInput['scorecards'][number][] = [];
  for (const kind of ['candidate', 'baseline'] as const) {
    const arm = syntheticArm(kind);
    const results = rows.map((_, index) => syntheticResult(index, kind === 'candidate'));
    const resultsRef = await putLines(results);
    const rowIds = rows.map(({ id }) => id);
    const card = buildScorecard({ arm, suite, rowIds, results, scorers, seconds: 1, resultsRef });
    scorecards.push({
      armId: arm.id,
      kind,
      scorecard: await putBlob(store, canonicalJson(card)),
      exactMatch: card.correct / card.n,
      n: card.n,
      errors: 0,
      paidUsd: 0,
    });
  }
  return { runKey, recipe: await putBlob(store, canonicalJson(recipe)), manifest, scorecards, parityPrompts: 1 };
}

/** An arm's scorecard on a suite beside the contest, of which it has this many rows wrong. */
async function guardCard(kind: 'candidate' | 'base', wrong: number): Promise<ScorecardRef> {
  const arm = syntheticArm(kind);
  const results = Array.from({ length: rowCount }, (_, index) => syntheticResult(index, index >= wrong));
  const card = buildScorecard({
    arm,
    suite: sha256('general'),
    rowIds: results.map(({ rowId }) => rowId),
    results,
    scorers: ['exact_match'],
    seconds: 1,
    resultsRef: await putLines(results),
  });
  const scorecard = await putBlob(store, canonicalJson(card));
  return { armId: arm.id, kind, scorecard, exactMatch: 1 - wrong / rowCount, n: rowCount, errors: 0, paidUsd: 0 };
}

async function decided(input: GateInput): Promise<Verdict> {
  const { verdict } = await gate(syntheticDeps({ store }), input);
  return parseStored(verdict.key, await getBlob(store, verdict), verdictSchema);
}

/** The verdict under a policy that guards against forgetting. */
async function guarded(runKey: string, sides: GateInput['sides'] = []): Promise<Verdict> {
  const input = await contested(runKey, (draft) => {
    draft.gate = { forgetting: { budget: 0.1 } };
  });
  return decided({ ...input, sides });
}

async function promoted(input: GateInput) {
  const parity = await putBlob(
    store,
    canonicalJson({ rows: [], template_sha256: sha256('template'), tokenizer_sha256: sha256('tokenizer') }),
  );
  const candidate: TrainResult = {
    base: null,
    artifact: await putBlob(store, canonicalJson({ files: { 'parity.json': parity } })),
    trainer: trainerResultSchema.parse({
      steps: 1,
      epochs: 1,
      train_loss: 1,
      validation_loss: null,
      tokens: 1,
      seconds: 1,
      tokens_per_second: 1,
      device: 'cpu',
      dtype: 'float32',
      peak_memory_bytes: 1,
      trainable_parameters: 1,
      total_parameters: 1,
      resumed_from_step: null,
      versions: {},
    }),
    progress: parity,
    attempts: 1,
    notices: [],
  };
  const deps = syntheticDeps({ store });
  const result = await gate(deps, input);
  return promote(deps, {
    ...input,
    recipeName: 'colours',
    base: { name: 'the-base', sha256: sha256('base') },
    candidate,
    gate: result,
    actor: 'tester',
    takeRoute: result.kind === 'promote',
  });
}

const signedOff = { licence: 'qwen-research', by: 'Ada Byron', reason: 'commercial agreement 7' };

describe('a candidate that wins every row', () => {
  it('of a sweep makes its choice final, and its verdict says from how many it was chosen', async () => {
    const sweepKey = 'abcdabcdabcdabcd';
    const blank = { label: '', note: '', trainSeconds: 1, trainLoss: null, validationLoss: null, validation: null };
    const entries = (['trained', 'failed'] as const).map((state, index) =>
      Object.assign({ id: `c${index + 1}`, state, chosen: index === 0 }, blank),
    );
    await keepOpenChoice(store, sweepKey, { chosen: 'c1', entries });
    const incomplete = await contested(`${sweepKey}/c1`, undefined);
    const unanswered = incomplete.scorecards.map((card) => Object.assign({}, card, { errors: 1 }));
    await gate(syntheticDeps({ store }), { ...incomplete, scorecards: unanswered });
    expect(await finalChoice(store, sweepKey)).toBeNull();
    const result = await gate(syntheticDeps({ store }), incomplete);
    expect(await finalChoice(store, sweepKey)).toMatchObject({ chosen: 'c1' });
    const verdict = parseStored('verdict', await getBlob(store, result.verdict), verdictSchema);
    expect(verdict.multiplicity).toContain('chosen from 2 on other rows, and it alone was tested here');
  });

  it.each(['tiny', '../models/my-own', 'smollm2-135m-instruct'])('is promoted on the base %s', async (base) => {
    const input = await contested('0000000000000001', (draft) => {
      draft.model = { base };
    });
    const verdict = await decided(input);
    expect(verdict).toMatchObject({ kind: 'promote', vetoes: [] });
    expect(verdict.licences?.findings.map(({ level }) => level)).toEqual(['fine', 'fine']);
    expect(await promoted(input)).toMatchObject({ outcome: 'won', route: 'tests/colours' });
  });

  it('is held on a base for research alone, and the verdict says why and what to do', async () => {
    const input = await contested('0000000000000002', (draft) => {
      draft.model = { base: research };
    });
    const verdict = await decided(input);
    expect(verdict.kind).toBe('hold');
    expect(verdict.reasons[0]).toContain('licence qwen-research (base) does not allow this');
    expect(verdict.sentence).toContain('licences.sign_off');
    expect(await promoted(input)).toMatchObject({ outcome: 'registered' });
    expect(await readLog(store)).toEqual([]);
  });

  it('is promoted on that base once a named person has signed it off, and the registry says who and why', async () => {
    const input = await contested('0000000000000003', (draft) => {
      draft.model = { base: research };
      draft.licences = { sign_off: [signedOff] };
    });
    const result = await promoted(input);
    expect(result.outcome).toBe('won');
    const model = await getModelVersion(store, result.modelVersion);
    expect(model?.base.licence).toBe('qwen-research');
    expect(model?.licences.sign_offs).toEqual([signedOff]);
    expect(model?.licences.findings[0]).toMatchObject({ level: 'block', signedOffBy: 'Ada Byron' });
  });

  it('keeps the later sign-off in the verdict that moved the route, though the version was registered before', async () => {
    const held = await contested('0000000000000004', (draft) => {
      draft.model = { base: research };
    });
    const before = await promoted(held);
    const signed = await contested('0000000000000005', (draft) => {
      draft.model = { base: research };
      draft.licences = { sign_off: [signedOff] };
    });
    const after = await promoted(signed);
    expect(after).toMatchObject({ outcome: 'won', modelVersion: before.modelVersion });
    expect((await getModelVersion(store, after.modelVersion))?.licences.sign_offs).toEqual([]);
    const [entry] = await readLog(store);
    const ref = entry?.verdictRef;
    expect(ref).not.toBeNull();
    const verdict = ref ? parseStored(ref.key, await getBlob(store, ref), verdictSchema) : undefined;
    expect(verdict?.licences?.sign_offs).toEqual([signedOff]);
  });

  it('is held when its training rows are among the test rows', async () => {
    const input = await contested('0000000000000007', undefined, (text) => text.toUpperCase());
    const verdict = await decided(input);
    expect(verdict).toMatchObject({ kind: 'hold', vetoes: ['80 of 80 test rows are also among the training rows'] });
  });

  it('is held when the suite for forgetting was not asked, and judged by it when it was', async () => {
    expect((await guarded('0000000000000008')).vetoes).toEqual(['the suite for forgetting was not asked']);
    const side = { guard: 'forgetting', suite: 'general', metric: 'exact_match' } as const;
    const kept = [await guardCard('candidate', 0), await guardCard('base', 1)];
    expect(await guarded('0000000000000009', [{ ...side, scorecards: kept }])).toMatchObject({ kind: 'promote' });
    const lost = [await guardCard('candidate', 20), await guardCard('base', 0)];
    const verdict = await guarded('0000000000000010', [{ ...side, scorecards: lost }]);
    expect(verdict.vetoes).toEqual([expect.stringMatching(/^on the forgetting suite general .+ −25\.0 points/u)]);
    await expect(guarded('0000000000000011', [{ ...side, scorecards: kept.slice(0, 1) }])).rejects.toThrow(
      'the untuned base did not answer the suite general',
    );
  });

  it('is held when a closed model wrote its rows and nobody answers for it', async () => {
    const input = await contested('0000000000000006', (draft) => {
      draft.dataset.sources = [{ path: 'rows.csv', map: { input: 'text', output: 'label' }, teacher: 'gpt-4o' }];
    });
    const verdict = await decided(input);
    expect(verdict.kind).toBe('hold');
    expect(verdict.vetoes.join()).toContain('openai-terms (teacher:gpt-4o)');
  });
});
