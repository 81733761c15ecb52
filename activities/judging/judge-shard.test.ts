import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '../../domain/canonical.ts';
import { failureTypes } from '../../domain/failures.ts';
import { rowJudgementSchema, judgementSummarySchema, type RowJudgement } from '../../domain/judgement.ts';
import type { JudgePairInput, JudgeShardInput, JudgeShardResult } from '../../domain/judge-stage.ts';
import { gateSchema } from '../../domain/recipe-gate.ts';
import { judgeSchema } from '../../domain/recipe-judge.ts';
import { storedSuiteSchema } from '../../domain/suite.ts';
import { honest, positionBiased, type SyntheticJudge } from '../../evals/judge/synthetic-judges.ts';
import { syntheticArm, syntheticResult } from '../../evals/synthetic.ts';
import { getBlob, putBlob } from '../../registry/blobs.ts';
import { memoryStore } from '../../registry/memory-store.ts';
import type { ObjectStore } from '../../registry/store.ts';
import { localEndpoint, type LocalAnswer, type LocalRequest } from '../clients/local-endpoint.ts';
import type { ActivityDeps } from '../deps.ts';
import { parseLines, toLines } from '../json-lines.ts';
import { syntheticDeps } from '../synthetic-deps.ts';
import { judgeShard } from './judge-shard.ts';
import { readJudged } from './read-judged.ts';
import { summarisePair } from './summarise-pair.ts';

const workFolder = await mkdtemp(join(tmpdir(), 'judge-'));
afterAll(async () => await rm(workFolder, { recursive: true }));

const signal = new AbortController().signal;
const answers = [
  ['good! one', 'bad. one'],
  ['bad. two', 'good! two'],
  ['same', 'same '],
  [null, 'there'],
  ['good! five', 'bad. five'],
] as const;

const bodySchema = z.object({
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  temperature: z.number().optional(),
  response_format: z.unknown().optional(),
});

/** A chat endpoint behind which a judge sits. */
function seat(judge: SyntheticJudge): (request: LocalRequest) => LocalAnswer {
  return ({ body }) => ({
    body: {
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: judge(bodySchema.parse(body).messages, 0) },
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: 10 },
    },
  });
}

interface Situation {
  readonly store: ObjectStore;
  readonly urls: readonly string[];
  readonly change?: Partial<z.input<typeof judgeSchema>>;
  /** Fields of every judge of the panel. */
  readonly judge?: Partial<z.input<typeof judgeSchema>['panel'][number]>;
  readonly runKey?: string;
  readonly keys?: Readonly<Record<string, string>>;
}

function depsOf({ store, keys = { TEAM_KEY: 'sk-test' } }: Situation): ActivityDeps {
  return syntheticDeps({ store, workFolder, secret: (name) => keys[name] });
}

async function pairInput({
  store,
  urls,
  change = {},
  judge = {},
  runKey = 'run-1',
}: Situation): Promise<JudgePairInput> {
  const rows = answers.map((_, index) => ({
    id: syntheticResult(index, true).rowId,
    input: `text ${index}`,
    output: `label ${index}`,
  }));
  const suite = storedSuiteSchema.parse({
    name: 'sums',
    task: 'generation',
    prompt: { system: 'Sum it up.', user: '{input}' },
    shots: [],
    labels: [],
    scorers: ['judge_preference'],
    slices: [],
    repeats: 1,
    max_tokens: 64,
    timeout_s: 5,
    patience_s: 0.2,
    rows: await putBlob(store, toLines(rows)),
    n: rows.length,
  });
  const block = judgeSchema.parse({
    panel: urls.map((url, index) => ({
      provider: 'openai-compatible',
      model: `m${index + 1}`,
      base_url: `${url}/v1`,
      api_key_env: 'TEAM_KEY',
      max_concurrency: 2,
      price: { input: 1, output: 1 },
      ...judge,
    })),
    criteria: 'Right.',
    ...change,
  });
  const side = async (at: 0 | 1) =>
    await putBlob(store, toLines(answers.map((pair, index) => syntheticResult(index, true, { answer: pair[at] }))));
  return {
    runKey,
    suite: await putBlob(store, canonicalJson(suite)),
    judge: await putBlob(store, canonicalJson(block)),
    candidate: { arm: syntheticArm('candidate'), results: [await side(0)] },
    other: { arm: syntheticArm('baseline'), results: [await side(1)] },
  };
}

const whole: Pick<JudgeShardInput, 'cacheEpoch' | 'spent' | 'shard' | 'from' | 'to'> = {
  cacheEpoch: '',
  spent: {},
  shard: 0,
  from: 0,
  to: answers.length,
};

async function judgeRows(
  situation: Situation,
  change: Partial<typeof whole> = {},
): Promise<JudgeShardResult & { rows: RowJudgement[] }> {
  const result = await judgeShard(
    depsOf(situation),
    { ...(await pairInput(situation)), ...whole, ...change },
    { signal },
  );
  const rows = parseLines(await getBlob(situation.store, result.judgements), rowJudgementSchema);
  return { ...result, rows };
}

const shardsOf = async (store: ObjectStore): Promise<string[]> => await Array.fromAsync(store.list('runs/'));

describe('a shard', () => {
  it('is judged in both orders, row by row, and asks nothing about rows that are settled', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const store = memoryStore();
    const { rows, n, unanswered, spent } = await judgeRows({ store, urls: [endpoint.url] });
    expect(rows.map(({ preference }) => preference)).toEqual([1, -1, 0, -1, 1]);
    expect(rows.map(({ settled }) => settled)).toEqual([
      'judged',
      'judged',
      'identical',
      'candidate_missing',
      'judged',
    ]);
    expect({ n, unanswered, requests: endpoint.requests.length }).toEqual({ n: 5, unanswered: 0, requests: 6 });
    expect(spent).toEqual({ 'judge-1-m1': { usd: expect.closeTo(660e-6, 12), requests: 6 } });
    expect(await shardsOf(store)).toHaveLength(1);
    // Greedy, without a schema unless the endpoint is said to take one.
    expect(bodySchema.parse(endpoint.requests[0]?.body)).toMatchObject({ temperature: 0 });
    expect(JSON.stringify(endpoint.requests.map(({ body }) => body))).not.toMatch(
      /candidate|baseline|response_format/u,
    );
  });

  it('is not judged again by the same run, nor paid again by another', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const store = memoryStore();
    await judgeRows({ store, urls: [endpoint.url] });
    await judgeRows({ store, urls: [endpoint.url] });
    const { rows, spent } = await judgeRows({ store, urls: [endpoint.url], runKey: 'run-2' });
    expect(endpoint.requests).toHaveLength(6);
    expect(spent['judge-1-m1']).toEqual({ usd: 0, requests: 0 });
    expect(rows.flatMap(({ judges }) => judges.flatMap(({ orders }) => orders)).every(({ cached }) => cached)).toBe(
      true,
    );
  });

  it.each([
    ['criteria', { criteria: 'Wrong.' }],
    ['the reference', { reference: true }],
    ['the longest judgement', { max_tokens: 99 }],
  ])('is asked again in both orders when the judge changes: %s', async (_, change) => {
    await using endpoint = await localEndpoint(seat(honest));
    const store = memoryStore();
    const before = await judgeRows({ store, urls: [endpoint.url] });
    const after = await judgeRows({ store, urls: [endpoint.url], change });
    expect(after.digest).not.toBe(before.digest);
    expect(endpoint.requests).toHaveLength(12);
    expect(await shardsOf(store)).toHaveLength(2);
  });

  it('is asked again of every judge when one joins the panel', async () => {
    await using first = await localEndpoint(seat(honest));
    await using second = await localEndpoint(seat(positionBiased));
    const store = memoryStore();
    await judgeRows({ store, urls: [first.url] });
    const { rows } = await judgeRows({ store, urls: [first.url, second.url] });
    expect([first.requests.length, second.requests.length]).toEqual([12, 6]);
    expect(rows[0]?.judges.map(({ judge: id, preference }) => [id, preference])).toEqual([
      ['judge-1-m1', 1],
      ['judge-2-m2', 0],
    ]);
    expect(rows[0]?.preference).toBe(0.5);
  });

  it('asks repeats apart from each other, with a temperature', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const { rows } = await judgeRows({ store: memoryStore(), urls: [endpoint.url], change: { samples: 3 } });
    expect(endpoint.requests).toHaveLength(18);
    expect(bodySchema.parse(endpoint.requests[0]?.body).temperature).toBe(0.7);
    expect(rows[0]?.judges[0]?.orders.map(({ sample }) => sample)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('sends the schema of a judgement to an endpoint that is said to take it', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    await judgeRows({ store: memoryStore(), urls: [endpoint.url], judge: { structured: true } });
    expect(JSON.stringify(endpoint.requests[0]?.body)).toContain('"enum":["A","B","tie"]');
  });

  it('counts prose as unreadable, and is kept: it would be prose again', async () => {
    await using endpoint = await localEndpoint(seat(() => 'I prefer A.'));
    const store = memoryStore();
    const { unreadable, rows } = await judgeRows({ store, urls: [endpoint.url] });
    expect(unreadable).toBe(3);
    expect(rows[0]).toMatchObject({ preference: 0, unreadable: true });
    expect(await shardsOf(store)).toHaveLength(1);
  });
});

describe('a shard that was not finished', () => {
  it('for want of budget goes on where it stopped, and asks nothing twice', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const store = memoryStore();
    const situation = { store, urls: [endpoint.url] };
    const { unanswered, stopped, spent } = await judgeRows({
      ...situation,
      judge: { budget_requests: 2, max_concurrency: 1 },
    });
    expect({ stopped, asked: endpoint.requests.length }).toEqual({ stopped: 'budget', asked: 2 });
    expect(unanswered).toBe(2);
    expect(spent['judge-1-m1']?.requests).toBe(2);
    expect(await shardsOf(store)).toEqual([]);
    const rest = await judgeRows({ ...situation, judge: { budget_requests: 9, max_concurrency: 1 } });
    expect({ unanswered: rest.unanswered, asked: endpoint.requests.length }).toEqual({ unanswered: 0, asked: 6 });
    expect(rest.spent['judge-1-m1']?.usd).toBeCloseTo(660e-6, 12);
    expect(rest.rows.map(({ preference }) => preference)).toEqual([1, -1, 0, -1, 1]);
  });

  it('keeps to the money that earlier shards have left', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const situation = { store: memoryStore(), urls: [endpoint.url], judge: { budget_usd: 0.01 } };
    const spent = { 'judge-1-m1': { usd: 0.0099, requests: 90 } };
    expect((await judgeRows(situation, { spent })).stopped).toBe('budget');
    expect(endpoint.requests).toHaveLength(0);
  });

  it('because the judge is out says so, and is not kept', async () => {
    await using endpoint = await localEndpoint({ status: 503, body: {} });
    const store = memoryStore();
    const { stopped, unanswered, rows } = await judgeRows({ store, urls: [endpoint.url] });
    expect({ stopped, unanswered }).toEqual({ stopped: 'down', unanswered: 3 });
    expect(rows[0]?.judges[0]?.orders.map(({ problem }) => problem)).toEqual(['unanswered', 'unanswered']);
    expect(await shardsOf(store)).toEqual([]);
  }, 20_000);

  it('because it was called off throws the reason, and keeps what was read', async () => {
    const off = new AbortController();
    let asked = 0;
    await using endpoint = await localEndpoint((request) => {
      asked += 1;
      if (asked === 3) {
        off.abort(new Error('called off'));
        return 'never';
      }
      return seat(honest)(request);
    });
    const store = memoryStore();
    const situation = { store, urls: [endpoint.url], judge: { max_concurrency: 1 } };
    const input = { ...(await pairInput(situation)), ...whole };
    await expect(judgeShard(depsOf(situation), input, { signal: off.signal })).rejects.toThrow('called off');
    await judgeRows(situation);
    expect(endpoint.requests).toHaveLength(7);
  });
});

describe('a judge that can be asked nothing ends the shard for good', () => {
  it('because the key is wrong, naming its variable, and calls the rest of the panel off', async () => {
    await using wrong = await localEndpoint({ status: 401, body: { error: { code: 'invalid_api_key' } } });
    await using slow = await localEndpoint('never');
    await expect(judgeRows({ store: memoryStore(), urls: [wrong.url, slow.url] })).rejects.toMatchObject({
      type: failureTypes.providerRefused,
      nonRetryable: true,
      message: expect.stringContaining('TEAM_KEY'),
    });
    expect(wrong.requests.length).toBeLessThanOrEqual(4);
  });

  it('because the key is not set, naming its variable', async () => {
    await expect(judgeRows({ store: memoryStore(), urls: ['http://127.0.0.1:9'], keys: {} })).rejects.toThrow(
      'TEAM_KEY',
    );
  });
});

it('an arm without a result on a row is an error, whatever the judges', async () => {
  const store = memoryStore();
  const situation = { store, urls: ['http://127.0.0.1:9'] };
  const input = await pairInput(situation);
  const part = await putBlob(store, toLines([syntheticResult(0, true)]));
  const other = { ...input.other, results: [part] };
  await expect(judgeShard(depsOf(situation), { ...input, ...whole, other }, { signal })).rejects.toThrow(
    'arm baseline has no result for row row-00001',
  );
});

/** The results alone, of two shards. */
async function judgedInTwo(situation: Situation): Promise<JudgeShardResult[]> {
  const input = { ...(await pairInput(situation)), ...whole };
  return [
    await judgeShard(depsOf(situation), { ...input, shard: 0, from: 0, to: 3 }, { signal }),
    await judgeShard(depsOf(situation), { ...input, shard: 1, from: 3, to: 5 }, { signal }),
  ];
}

describe('the shards of a pair', () => {
  it('become a summary that the gate reads, with the agreement of people', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const store = memoryStore();
    const situation = { store, urls: [endpoint.url] };
    const input = await pairInput(situation);
    const labels = 'row,answer_a,answer_b,preference\nrow-00000,good! one,bad. one,a\nrow-00001,bad. two,good! two,a\n';
    const pair = await summarisePair(depsOf(situation), {
      ...input,
      shards: await judgedInTwo(situation),
      humanLabels: { name: 'labels.csv', file: await putBlob(store, labels) },
    });
    expect(pair).toMatchObject({ candidate: 'candidate', other: 'baseline', preference: 0, unanswered: 0 });
    expect(pair.spent['judge-1-m1']).toEqual({ usd: expect.closeTo(660e-6, 12), requests: 6 });
    const summary = judgementSummarySchema.parse(
      JSON.parse(new TextDecoder().decode(await getBlob(store, pair.summary))),
    );
    expect(summary.human).toMatchObject({ n: 2, raw: 0.5 });
    const policy = gateSchema.parse({ metric: 'judge_preference', margin: 0.1 });
    const block = judgeSchema.parse(
      JSON.parse(new TextDecoder().decode(await getBlob(store, input.judge ?? pair.summary))),
    );
    const judged = await readJudged(store, [pair], policy, block);
    expect([...(judged.get('baseline')?.preferences ?? [])].map(([, preference]) => preference)).toEqual([
      1, -1, 0, -1, 1,
    ]);
    await expect(readJudged(store, [pair], policy, { ...block, criteria: 'Wrong.' })).rejects.toThrow('another judge');
  });

  it('of two judges are never mixed, and none may be missing', async () => {
    await using endpoint = await localEndpoint(seat(honest));
    const situation = { store: memoryStore(), urls: [endpoint.url] };
    const input = await pairInput(situation);
    const [first, second] = await judgedInTwo(situation);
    const [, foreign] = await judgedInTwo({ ...situation, change: { criteria: 'Wrong.' } });
    const summarise = async (...shards: (JudgeShardResult | undefined)[]) =>
      await summarisePair(depsOf(situation), { ...input, shards: shards.flatMap((shard) => shard ?? []) });
    await expect(summarise(first, foreign)).rejects.toThrow('another judge');
    await expect(summarise(first)).rejects.toThrow('not those of the 5 rows');
    await expect(summarise(second, first)).rejects.toThrow('in order');
  });
});
