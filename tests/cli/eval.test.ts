// contender eval through the real command line, against endpoints of every mood.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvalProject, numberedRows, rightAnswer, type EvalJson, type EvalProject } from './eval-project.ts';
import { completion, startMoody, type Mood, type MoodyEndpoint } from './moody-endpoint.ts';

let project: EvalProject;
let good: MoodyEndpoint;
const answer = (text: string): Mood => ({ kind: 'answer', text: rightAnswer(text) });

beforeAll(async () => {
  project = await createEvalProject();
  good = await startMoody(answer);
});
afterAll(async () => {
  await good.close();
  await project.remove();
});

const endpoint = (url: string, settings = ''): string => `openai-compatible/m,base_url=${url}${settings}`;

/** Runs the evaluation of a candidate that is always right against an endpoint of another mood. */
async function against(
  mood: (text: string, request: number) => Mood,
  { rows = 60, settings = '', suite = {}, env = {} }: Partial<Against> = {},
) {
  const moody = await startMoody(mood);
  try {
    const path = await project.writeSuite(`s${(suites += 1)}`, numberedRows(rows), suite);
    const args = [path, '--model', endpoint(good.url), '--baseline', endpoint(moody.url, settings), '--json'];
    const { stdout, stderr, exitCode } = await project.start(args, env);
    return {
      moody,
      stderr,
      exitCode,
      json: JSON.parse(stdout) as EvalJson & { error?: { message: string; where: string } },
    };
  } finally {
    await moody.close();
  }
}
let suites = 0;

interface Against {
  readonly rows: number;
  readonly settings: string;
  readonly suite: object;
  readonly env: Record<string, string>;
}

describe('two endpoints on a suite', () => {
  it('get a verdict, a report and files for CI', async () => {
    const worse = await startMoody(() => ({ kind: 'answer', text: 'even' }));
    const path = await project.writeSuite('plain', numberedRows(100));
    const { stdout, exitCode } = await project.start([
      path,
      '--model',
      endpoint(good.url),
      '--baseline',
      endpoint(worse.url),
      '--junit',
      join(project.folder, 'out', 'junit.xml'),
      '--markdown',
      join(project.folder, 'out', 'verdict.md'),
    ]);
    await worse.close();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('PROMOTE');
    const report = /report: (?<path>.*)/u.exec(stdout)?.groups?.['path'] ?? '';
    expect(await readFile(report, 'utf8')).toContain('number 7');
    expect(await readFile(join(project.folder, 'out', 'junit.xml'), 'utf8')).toContain('<testsuite');
    expect(await readFile(join(project.folder, 'out', 'verdict.md'), 'utf8')).toContain('100');
  });

  it('are not asked again by the same command, and asked anew with --fresh', async () => {
    const other = await startMoody(answer);
    const path = await project.writeSuite('again', numberedRows(60));
    const args = [path, '--model', endpoint(good.url), '--baseline', endpoint(other.url), '--json'];
    const first = JSON.parse((await project.start(args)).stdout) as EvalJson;
    const second = JSON.parse((await project.start(args)).stdout) as EvalJson;
    expect(second).toEqual(first);
    expect(other.requests()).toBe(60);
    const fresh = JSON.parse((await project.start([...args, '--fresh'])).stdout) as EvalJson;
    await other.close();
    expect(fresh.key).toBe(`${first.key}-2`);
    expect(other.requests()).toBe(120);
  });

  it('get exactly as many requests at once as they may', async () => {
    const { moody } = await against((text) => ({ kind: 'answer', text: rightAnswer(text), delayMs: 30 }), {
      rows: 120,
      settings: ',max_concurrency=12',
    });
    expect(moody.peak()).toBe(12);
  });

  it('end with the exit code of the verdict', async () => {
    const path = await project.writeSuite('codes', numberedRows(100));
    const worse = await startMoody(() => ({ kind: 'answer', text: 'even' }));
    const rejected = await project.start([path, '--model', endpoint(worse.url), '--baseline', endpoint(good.url)]);
    await worse.close();
    expect(rejected.exitCode).toBe(4);
    const held = await project.start([
      path,
      '--model',
      endpoint(good.url),
      '--baseline',
      endpoint(good.url),
      '--min-rows',
      '500',
    ]);
    expect(held.exitCode).toBe(3);
    expect(held.stdout).toContain('only 100 held-out rows');
  });
});

describe('an endpoint in trouble', () => {
  it('that throttles and then is out for a while is waited for, and every row is answered once', async () => {
    let outUntil = 0;
    const { moody, json } = await against((text, request) => {
      if (request === 20) {
        outUntil = Date.now() + 3000;
      }
      if (Date.now() < outUntil) {
        return { kind: 'status', status: 503 };
      }
      // Every third request of the first hundred meets a rate limit.
      return request < 100 && request % 3 === 0
        ? { kind: 'status', status: 429, headers: { 'retry-after': '0.2' } }
        : answer(text);
    });
    expect(json.scorecards.map(({ n, errors }) => [n, errors])).toEqual([
      [60, 0],
      [60, 0],
    ]);
    expect(new Set(moody.answered).size).toBe(60);
    expect(moody.answered).toHaveLength(60);
    // A storm would be thousands.
    expect(moody.requests()).toBeLessThan(200);
  });

  it('that stays out holds the verdict, never promotes on part of the rows', async () => {
    const { json, exitCode, moody } = await against(
      (text, request) => (request < 30 ? answer(text) : { kind: 'status', status: 503 }),
      { suite: { patience_s: 2 } },
    );
    expect(exitCode).toBe(3);
    expect(json.verdict.kind).toBe('hold');
    expect(json.verdict.vetoes.join(' ')).toContain('baseline incomplete');
    expect(json.scorecards[1]?.errors).toBeGreaterThan(0);
    expect(moody.requests()).toBeLessThan(120);
  });

  it.each<[string, Mood]>([
    ['answers 200 with an error body', { kind: 'raw', body: '{"error":{"message":"overloaded"}}' }],
    ['answers 200 with garbage', { kind: 'raw', body: '<html>gateway</html>' }],
    ['truncates its JSON', { kind: 'raw', body: completion('even').slice(0, 60) }],
    ['cuts the connection', { kind: 'cut' }],
    ['hangs', { kind: 'hang' }],
  ])('that at first %s is asked again', async (_name, trouble) => {
    const seen = new Set<string>();
    const { json } = await against(
      (text) => {
        const first = !seen.has(text) && seen.size < 6;
        seen.add(text);
        return first ? trouble : answer(text);
      },
      { suite: { timeout_s: 1 } },
    );
    expect(json.scorecards[1]).toMatchObject({ n: 60, correct: 60, errors: 0 });
  });

  it('that refuses the key ends the evaluation at once and names the variable', async () => {
    const { json, exitCode, moody } = await against(() => ({ kind: 'status', status: 401, code: 'invalid_api_key' }), {
      rows: 200,
      settings: ',api_key_env=TEAM_KEY,max_concurrency=4',
      env: { TEAM_KEY: 'sk-wrong-1234' },
    });
    expect(exitCode).not.toBe(0);
    expect(json.error?.message).toContain('TEAM_KEY');
    expect(JSON.stringify(json)).not.toContain('sk-wrong-1234');
    expect(moody.requests()).toBeLessThanOrEqual(4);
  });

  it('that does not know the model says so', async () => {
    const { json, exitCode } = await against(() => ({ kind: 'status', status: 404, code: 'model_not_found' }));
    expect(exitCode).not.toBe(0);
    expect(json.error?.message).toContain('model');
  });
});

describe('a budget', () => {
  it('that runs out holds, and nothing is spent beyond it', async () => {
    // 10 prompt and 2 completion tokens at these prices cost 14 millionths of a dollar.
    const { json, moody, exitCode } = await against(answer, { settings: ',price=1:2,budget_usd=0.0004' });
    expect(exitCode).toBe(3);
    expect(json.verdict.vetoes.join(' ')).toContain('baseline incomplete');
    expect(moody.requests() * 14e-6).toBeLessThanOrEqual(0.0004);
    expect(moody.requests()).toBeGreaterThan(10);
  });

  it('of requests is kept to as well', async () => {
    const { json, moody } = await against(answer, { settings: ',budget_requests=25' });
    expect(moody.requests()).toBe(25);
    expect(json.scorecards[1]).toMatchObject({ n: 60, errors: 35 });
  });

  it('of zero is refused', async () => {
    const { json, exitCode } = await against(answer, { settings: ',price=1:2,budget_usd=0' });
    expect(exitCode).toBe(2);
    expect(json.error?.message).toContain('budget_usd');
  });
});

describe('answers nobody wants', () => {
  it.each<[string, (text: string) => string]>([
    ['echo the prompt', (text) => `Even or odd?\nText: ${text}`],
    ['are HTML', () => '<script>alert(1)</script>'],
    ['hold control characters', () => '\u0000\u001B[31meven\u0007 or odd'],
    ['are empty', () => ''],
  ])('that %s score nothing and break nothing', async (_name, text) => {
    const { json, exitCode } = await against((row) => ({ kind: 'answer', text: text(row) }));
    expect(exitCode).toBe(0);
    expect(json.scorecards[1]).toMatchObject({ n: 60, correct: 0, errors: 0 });
    const report = await readFile(json.report, 'utf8');
    expect(report).not.toContain('<script>alert(1)');
    expect(report).not.toContain('\u001B');
  });
});

describe('wrong input is refused before anybody is asked', () => {
  it.each<[string, object[], object, string]>([
    ['two rows with one id', [...numberedRows(3), ...numberedRows(1)], {}, 'r0'],
    ['a row without an expected answer', [{ id: 'a', text: 'x', label: '' }], {}, 'expected answer is empty'],
    ['a label outside the label set', numberedRows(4), { labels: ['even', 'prime'] }, 'label'],
    ['an unknown key', numberedRows(4), { scorer: ['exact_match'] }, 'scorer'],
    ['a metric of another task', numberedRows(4), { scorers: ['span_f1'] }, 'span_f1'],
  ])('%s', async (name, rows, change, message) => {
    const before = good.requests();
    const path = await project.writeSuite(name.replaceAll(/\W/gu, '-').toLowerCase(), rows, {
      name: 'wrong',
      ...change,
      rows: {
        path: `${name.replaceAll(/\W/gu, '-').toLowerCase()}.jsonl`,
        map: { id: 'id', input: 'text', output: 'label' },
      },
    });
    const { exitCode, stderr } = await project.start([
      path,
      '--model',
      endpoint(good.url),
      '--baseline',
      endpoint(good.url),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(good.requests()).toBe(before);
  });
});
