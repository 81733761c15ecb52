import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AskError } from '../clients/model-client.ts';
import { completionOf, distillationTrial, numbered, questionsCsv } from './synthetic-distillation.ts';

/** 1,000 tokens cost a cent: an answer of the stub costs 0.00012 USD. */
const price = { input: 10, output: 10 };

describe('a distilled source', () => {
  it('asks each distinct input once, and rows and drops name the lines of the source', async () => {
    await using trial = await distillationTrial((question) => completionOf({ text: `about ${question}` }));
    const result = await trial.curate(questionsCsv(['one', '"two\nlines"', ' ONE ', '""', 'three']));
    expect(trial.asked().toSorted()).toEqual(['one', 'three', 'two']);
    expect(result.rows).toEqual([
      { input: 'one', output: 'about one', line: 2 },
      { input: 'two\nlines', output: 'about two', line: 3 },
      { input: 'three', output: 'about three', line: 7 },
    ]);
    expect(result.drops.map(({ rule }) => rule)).toEqual(['exact_duplicate', 'empty_input']);
    expect(result.dropLines).toEqual([5, 6]);
    expect(result.read).toBe(result.kept + result.drops.length);
    expect(trial.endpoint.requests[0]?.body).toMatchObject({
      model: 'big',
      max_tokens: 512,
      messages: [
        { role: 'system', content: 'Answer.' },
        { role: 'user', content: 'Q: one' },
      ],
    });
  });

  it('asks nobody the second time, and gives the same version', async () => {
    await using trial = await distillationTrial((question) => completionOf({ text: question.toUpperCase() }));
    const first = await trial.curate(questionsCsv(numbered(30)));
    const second = await trial.curate(questionsCsv(numbered(30)), { teacher: { max_concurrency: 2, price } });
    expect(trial.asked()).toHaveLength(30);
    expect(second.version).toBe(first.version);
    expect(second.distilled).toEqual([
      {
        source: 'questions.csv',
        provider: 'openai-compatible',
        model: 'big',
        inputs: 30,
        answered: 30,
        refused: 0,
        failed: 0,
        unasked: 0,
        promptTokens: 300,
        completionTokens: 60,
        usd: 0.0036,
      },
    ]);
    await trial.curate(questionsCsv(numbered(30)), { distill: { prompt: { user: 'Q: {input}!' } } });
    expect(trial.asked()).toHaveLength(60);
  });

  it('keeps answers that fit the filter, and lists the others without their text', async () => {
    const said = ['yes', 'no', 'maybe', 'secret', '', 'yes '];
    await using trial = await distillationTrial((question) => {
      const at = Number(question.slice('question '.length)) - 1;
      return at === 6
        ? completionOf({ text: 'yes', finish: 'length' })
        : at === 7
          ? completionOf({ text: '', finish: 'content_filter' })
          : completionOf({ text: said[at] ?? 'yes' });
    });
    const result = await trial.curate(questionsCsv(numbered(8)), {
      distill: { max_tokens: 9, keep: { labels: ['yes', 'no', 'maybe'], pattern: '[a-z]{2,3}', max_chars: 5 } },
      curate: { split: { train: 2, test: 1 } },
    });
    expect(result.rows.map(({ output, line }) => [output, line])).toEqual([
      ['yes', 2],
      ['no', 3],
      ['yes', 7],
    ]);
    expect(result.drops).toEqual([
      { rule: 'teacher_refused', detail: 'does not match keep.pattern' },
      { rule: 'teacher_refused', detail: 'longer than keep.max_chars 5' },
      { rule: 'teacher_refused', detail: 'the answer is empty' },
      { rule: 'teacher_refused', detail: 'cut off at max_tokens 9' },
      { rule: 'teacher_refused', detail: 'the teacher refused to answer' },
    ]);
    expect(JSON.stringify(result.drops)).not.toContain('secret');
    expect(result.read).toBe(result.kept + result.drops.length);
  });

  it('stops at the budget, lists the rest and says so; a higher budget asks only the rest', async () => {
    await using trial = await distillationTrial();
    const csv = questionsCsv(numbered(40));
    // An answer counts 0.00012 USD, and before it is there about 0.0004.
    const draft = { distill: { max_tokens: 20 }, teacher: { price, budget_usd: 0.002, max_concurrency: 4 } };
    const first = await trial.curate(csv, draft);
    const asked = trial.asked().length;
    expect(asked).toBeGreaterThan(8);
    expect(asked * 0.00012).toBeLessThanOrEqual(0.002);
    expect(first.rows).toHaveLength(asked);
    expect(first.drops).toHaveLength(40 - asked);
    expect(new Set(first.drops.map(({ detail }) => detail))).toEqual(new Set(['not asked: the budget is spent']));
    expect(first.remarks.join()).toContain(`${40 - asked} of 40 inputs of questions.csv were not asked`);

    const again = await trial.curate(csv, draft);
    expect(trial.asked()).toHaveLength(asked);
    expect(again.version).toBe(first.version);

    const more = await trial.curate(csv, { ...draft, teacher: { ...draft.teacher, budget_usd: 1 } });
    expect(trial.asked()).toHaveLength(40);
    expect(new Set(trial.asked()).size).toBe(40);
    expect(more.kept).toBe(40);
    expect(more.remarks).toEqual([]);
  });

  it('keeps to budget_requests, also over several curations', async () => {
    await using trial = await distillationTrial();
    const draft = { teacher: { budget_requests: 7, max_concurrency: 3 } };
    for (const _ of [1, 2]) {
      const { rows, drops } = await trial.curate(questionsCsv(numbered(10)), draft);
      expect([rows.length, drops.length, trial.asked().length]).toEqual([7, 3, 7]);
    }
  });

  it('says what the budget left undone where too few rows are left', async () => {
    await using trial = await distillationTrial();
    const curation = trial.curate(questionsCsv(numbered(10)), {
      teacher: { budget_requests: 2 },
      curate: { split: { train: 5, test: 5 } },
    });
    await expect(curation).rejects.toThrow('8 of 10 inputs of questions.csv were not asked');
  });

  it('asks again after 429 and 500, and drops what one input alone cannot have', { timeout: 20_000 }, async () => {
    const tried = new Map<string, number>();
    await using trial = await distillationTrial((question) => {
      const tries = (tried.get(question) ?? 0) + 1;
      tried.set(question, tries);
      if (question === 'question 3') {
        return { status: 400, body: { error: { message: 'private words', code: 'context_length_exceeded' } } };
      }
      return tries === 1 && question === 'question 1'
        ? { status: 429, headers: { 'retry-after': '0' }, body: { error: { message: 'slow' } } }
        : tries === 1 && question === 'question 2'
          ? { status: 500, body: { error: { message: 'oops' } } }
          : completionOf({});
    });
    const result = await trial.curate(questionsCsv(numbered(5)));
    expect(result.rows.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
    expect(result.drops).toHaveLength(1);
    expect(result.drops[0]?.detail).toMatch(/^could not be answered: .*400/u);
    expect(JSON.stringify(result.drops)).not.toContain('private words');
    expect(result.remarks.join()).toContain('could not answer 1 of 5 inputs');
  });

  it('goes on after it was called off in the middle, and asks only the rest', async () => {
    const stop = new AbortController();
    await using trial = await distillationTrial((_question, request) => {
      if (request === 12) {
        stop.abort(new Error('called off'));
        return 'never';
      }
      return completionOf({});
    });
    const csv = questionsCsv(numbered(30));
    await expect(trial.curate(csv, { signal: stop.signal, teacher: { max_concurrency: 1 } })).rejects.toThrow(
      'called off',
    );
    expect(trial.asked()).toHaveLength(13);
    const { kept } = await trial.curate(csv);
    expect(kept).toBe(30);
    expect(trial.asked()).toHaveLength(31);
    expect(await readdir(join(trial.deps.workFolder, 'answers', 'distill'))).toEqual([]);
  });

  it('ends when the teacher refuses everybody, and keeps what was answered', async () => {
    let locked = true;
    await using trial = await distillationTrial((_question, request) =>
      locked && request === 5 ? { status: 401, body: { error: { message: 'no' } } } : completionOf({}),
    );
    const csv = questionsCsv(numbered(10));
    const first = trial.curate(csv, { teacher: { max_concurrency: 1 } });
    await expect(first).rejects.toMatchObject({ details: { where: 'dataset.sources.0.distill.teacher' } });
    await expect(first).rejects.not.toBeInstanceOf(AskError);
    locked = false;
    expect((await trial.curate(csv)).kept).toBe(10);
    expect(trial.asked()).toHaveLength(11);
  });

  it('sends inputs as curation leaves them, and nothing that it drops', async () => {
    await using trial = await distillationTrial();
    const { rows, drops } = await trial.curate(
      questionsCsv(['write to jane.doe@example.com now', 'short', 'a question of five words']),
      { curate: { pii: { action: 'redact' }, quality: { min_input_words: 3 }, split: { train: 1, test: 1 } } },
    );
    expect(trial.asked()).toEqual(['write to [EMAIL] now', 'a question of five words']);
    expect(rows.map(({ input }) => input)).toEqual(['write to [EMAIL] now', 'a question of five words']);
    expect(drops.map(({ rule }) => rule)).toEqual(['too_short']);
  });

  it('needs the key of its teacher before anybody is asked', async () => {
    await using trial = await distillationTrial();
    const curation = trial.curate(questionsCsv(numbered(3)), { teacher: { api_key_env: 'BIG_KEY' } });
    await expect(curation).rejects.toThrow('needs a key, and BIG_KEY is not set');
    expect(trial.asked()).toEqual([]);
  });

  it('holds no key in its manifest, but teacher, terms and what was asked', async () => {
    await using trial = await distillationTrial();
    const deps = { ...trial.deps, secret: () => 'sk-very-secret' };
    Object.assign(trial.deps, deps);
    const { manifest } = await trial.curate(questionsCsv(numbered(3)), { teacher: { api_key_env: 'BIG_KEY' } });
    expect(trial.endpoint.requests[0]?.headers.authorization).toBe('Bearer sk-very-secret');
    expect(JSON.stringify(manifest)).not.toMatch(/sk-very-secret|BIG_KEY/u);
    expect(manifest.sources).toMatchObject([{ path: 'questions.csv', teacher: 'big', terms: 'own model' }]);
    expect(manifest.findings?.distilled).toMatchObject([{ inputs: 3, answered: 3, usd: null }]);
  });

  it('is planned without asking: answers from before count, others are awaited', async () => {
    await using trial = await distillationTrial();
    await trial.curate(questionsCsv(numbered(4)));
    const reports: object[] = [];
    const { rows } = await trial.curate(questionsCsv(numbered(10)), {
      plan: true,
      teacher: { api_key_env: 'NOT_SET' },
      onDistilled: ({ figures, awaited }) =>
        reports.push({ inputs: figures.inputs, before: figures.answered, awaited }),
    });
    expect(trial.asked()).toHaveLength(4);
    expect(rows.filter(({ output }) => output === '')).toHaveLength(6);
    const characters = 6 * ('Answer.'.length + 'Q: question 5'.length) + 1;
    expect(reports).toEqual([{ inputs: 10, before: 4, awaited: { inputs: 6, turns: 12, characters } }]);
  });
});
