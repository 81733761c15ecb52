// A distilled source through the real command line: its plan, its curation, a kill in the middle, what it refuses.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../infra/settings.ts';
import { contender, createProject, removeProject, type Project } from '../server/project.ts';
import { startMoody } from './moody-endpoint.ts';

let project: Project;
beforeAll(async () => {
  project = await createProject();
});
afterAll(async () => removeProject(project));

const reportSchema = z.object({
  dataset: z.string(),
  read: z.int(),
  kept: z.int(),
  dropped: z.record(z.string(), z.int()),
  findings: z.object({ distilled: z.array(z.object({ inputs: z.int(), answered: z.int(), usd: z.number() })) }),
  card: z.string(),
  remarks: z.array(z.string()),
});

interface Draft {
  readonly url: string;
  readonly questions: number;
  readonly teacher?: object;
  readonly keep?: object;
  /** Adds what a whole recipe needs. */
  readonly whole?: boolean;
}

async function writeDistilled(name: string, { url, questions, teacher, keep, whole = false }: Draft): Promise<string> {
  const lines = Array.from({ length: questions }, (_, at) => JSON.stringify({ text: `number ${at + 1}` }));
  await writeFile(join(project.folder, `${name}.jsonl`), `${lines.join('\n')}\n`);
  const path = join(project.folder, `${name}.yaml`);
  const distill = {
    teacher: {
      provider: 'openai-compatible',
      model: 'big',
      base_url: url,
      max_concurrency: 4,
      price: { input: 1, output: 1 },
      ...teacher,
    },
    prompt: { user: 'Even or odd?\nText: {input}' },
    keep: keep ?? {},
    terms: 'contract 12',
  };
  const dataset = {
    sources: [{ path: `${name}.jsonl`, map: { input: 'text' }, distill }],
    curate: { dedupe: { near: false }, split: { train: 0.8, test: 0.2 } },
  };
  const rest = {
    task: 'classification',
    model: { base: 'smollm2-135m-instruct' },
    evaluate: { prompt: {}, baselines: [{ provider: 'stand-in', model: 'tfidf-logreg' }] },
  };
  await writeFile(path, stringify({ name, dataset, ...(whole ? rest : {}) }));
  return path;
}

const parity = (text: string): string => (Number(text.replaceAll(/\D/gu, '')) % 2 === 0 ? 'even' : 'odd');

it('contender curate that is killed again and again pays for every answer once', { timeout: 120_000 }, async () => {
  const teacher = await startMoody((text) => ({ kind: 'answer', text: parity(text), delayMs: 20 }));
  const path = await writeDistilled('killed', { url: teacher.url, questions: 150 });
  const kills: number[] = [];
  for (const after of [20, 60, 100]) {
    const running = execa(process.execPath, [join(packageRoot, 'cli', 'main.ts'), 'curate', path], {
      cwd: project.folder,
      env: project.env,
      stdin: 'ignore',
      reject: false,
    });
    while (teacher.answered.length < after) {
      await sleep(5);
    }
    kills.push(performance.now());
    running.kill('SIGKILL');
    await running;
  }
  const first = await contender(project, ['curate', path, '--json']);
  const requests = teacher.requests();
  const second = await contender(project, ['curate', path, '--json']);
  await teacher.close();

  expect(first.exitCode).toBe(0);
  const report = reportSchema.parse(JSON.parse(first.stdout));
  expect(report).toMatchObject({ read: 150, kept: 150, remarks: [] });
  expect(report.findings.distilled).toMatchObject([{ inputs: 150, answered: 150 }]);
  expect(reportSchema.parse(JSON.parse(second.stdout)).dataset).toBe(report.dataset);
  expect(teacher.requests()).toBe(requests);
  const { answered, answeredAt } = teacher;
  expect(new Set(answered).size).toBe(150);
  // An answer needs a moment from the endpoint to the process; one that goes out while that dies is lost with it.
  const again = answered.flatMap((text, at) =>
    answered.indexOf(text) < at ? [answeredAt[answered.indexOf(text)] ?? 0] : [],
  );
  expect(again.filter((at) => kills.every((kill) => at < kill - 15 || at > kill + 500))).toEqual([]);
  expect(again.length).toBeLessThanOrEqual(kills.length * 4);
  const card = await readFile(report.card, 'utf8');
  expect(card).toContain('| killed.jsonl | big | contract 12 |');
  expect(card).toContain('| killed.jsonl | big (openai-compatible) | 150 | 150 |');
});

it('says loudly that the budget ended, and lists what was not asked by file and line', async () => {
  const teacher = await startMoody((text) => ({ kind: 'answer', text: parity(text) }));
  const path = await writeDistilled('poor', {
    url: teacher.url,
    questions: 20,
    teacher: { budget_requests: 12, max_concurrency: 1 },
    keep: { labels: ['even'] },
  });
  const { stdout, stderr, exitCode } = await contender(project, ['curate', path]);
  const { stdout: json } = await contender(project, ['curate', path, '--json']);
  await teacher.close();
  expect(exitCode).toBe(0);
  expect(stderr).toContain('8 NOT ASKED');
  expect(stdout).toContain('8 of 20 inputs of poor.jsonl were not asked');
  const report = reportSchema.parse(JSON.parse(json));
  expect(report.dropped).toEqual({ teacher_refused: 14 });
  const row = await contender(project, ['datasets', 'explain', report.dataset, 'poor.jsonl:20']);
  expect(row.stdout).toContain('not asked: the budget is spent');
  expect(teacher.requests()).toBe(12);
});

it('plans without asking anybody, and validate and run want the key', { timeout: 60_000 }, async () => {
  const teacher = await startMoody(() => ({ kind: 'answer', text: 'even' }));
  const draft = { url: teacher.url, questions: 50, whole: true };
  const path = await writeDistilled('planned', { ...draft, teacher: { api_key_env: 'TEACHER_KEY' } });
  const plan = await contender(project, ['plan', path]);
  expect(plan.stdout).toMatch(/planned\.jsonl by big \(openai-compatible\): 50 inputs; about \d+ tokens to send/u);
  expect(plan.stdout).toContain('50 inputs of planned.jsonl wait for big');
  expect(plan.stdout).toContain('teacher:big: contract 12: sign-off needed');
  for (const command of ['validate', 'run', 'curate']) {
    const { exitCode, stderr } = await contender(project, [command, path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('needs a key, and TEACHER_KEY is not set');
  }
  const standIn = await writeDistilled('stand-in', {
    ...draft,
    teacher: { provider: 'stand-in', model: 'tfidf-logreg', base_url: undefined },
  });
  const slow = await writeDistilled('slow', { ...draft, keep: { pattern: '(a+)+' } });
  const refused = await Promise.all([standIn, slow].map(async (one) => await contender(project, ['validate', one])));
  await teacher.close();
  expect(refused.map(({ exitCode }) => exitCode)).toEqual([2, 2]);
  expect(refused[0]?.stderr).toContain('must be a model');
  expect(refused[1]?.stderr).toContain('repeats something that itself varies');
  expect(teacher.requests()).toBe(0);
});
