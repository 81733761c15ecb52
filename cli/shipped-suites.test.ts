import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { metricFacts } from '../domain/metrics.ts';
import type { RowResult } from '../domain/scorecard.ts';
import type { SuiteRow } from '../domain/suite.ts';
import { metricValue } from '../evals/metrics/metric-value.ts';
import { scoreAnswer } from '../evals/score-answer.ts';
import type { Suite } from '../evals/suite.ts';
import { syntheticResult } from '../evals/synthetic.ts';
import { memoryStore } from '../registry/memory-store.ts';
import { loadSuite } from './load-suite.ts';
import { shippedSuites, suitePath } from './shipped-suites.ts';

/** Rows in the form of data that are not shipped: their files lie where users put them. */
const foreign: Readonly<Record<string, { readonly path: string; readonly rows: string }>> = {
  'healthcare-icd10': {
    path: '.contender/demo/icd10-cm.csv',
    rows: 'term,chapter,category,code\nmade up fever,Symptoms,R50,R50.9\nmade up cough,Lungs,J00,J00.1\nmade up fever,Symptoms,R50,R50.8\n',
  },
  'finance-intents': {
    path: '.contender/data/banking77/test.csv',
    rows: 'text,category\nWhere is my card?,card_arrival\nWhat does it cost?,fees\n',
  },
};

const folder = await mkdtemp(join(tmpdir(), 'contender-shipped-'));
afterAll(async () => rm(folder, { recursive: true, force: true }));
const suites = await shippedSuites();

/** The suite, on its own rows or on stand-ins for those that are not shipped. */
async function loaded(name: string) {
  const path = await suitePath(name);
  const data = foreign[name];
  if (data === undefined) {
    return await loadSuite(path, memoryStore());
  }
  const copy = join(folder, 'evals', 'suites', name, 'suite.yaml');
  await mkdir(dirname(copy), { recursive: true });
  await writeFile(copy, await readFile(path));
  await mkdir(dirname(join(folder, data.path)), { recursive: true });
  await writeFile(join(folder, data.path), data.rows);
  return await loadSuite(copy, memoryStore());
}

function answered(suite: Suite, answer: (row: SuiteRow) => string): RowResult[] {
  return suite.rows.map((row, index) =>
    syntheticResult(index, false, { expected: row.output, ...scoreAnswer(suite, row, answer(row)) }),
  );
}

const declines = 'I’m sorry, but I can’t help with that.';
const helps = 'Of course. Here is what you can do.';

function rightAnswer({ parser }: Suite, { output }: SuiteRow): string {
  return parser !== 'refusal' ? output : output === 'refuse' ? declines : helps;
}

function wrongAnswer({ parser, labels }: Suite, { output }: SuiteRow): string {
  return parser !== 'refusal'
    ? (labels.find((label) => label !== output) ?? 'something else')
    : output === 'refuse'
      ? helps
      : declines;
}

describe.each(suites.map(({ file }) => file.name))('the suite %s', (name) => {
  it('loads, and gives all to a perfect answerer and nothing to one that is always wrong', async () => {
    const { suite } = await loaded(name);
    const right = answered(suite, (row) => rightAnswer(suite, row));
    const wrong = answered(suite, (row) => wrongAnswer(suite, row));
    for (const metric of suite.scorers) {
      expect(metricValue(metric, right)(), metric).toBe(1);
      expect(metricValue(metric, wrong)(), metric).toBeLessThanOrEqual(metric === 'mcc' ? 0.1 : 0);
    }
    expect(right.every(({ parsed }) => parsed !== null)).toBe(true);
  });

  it('gives nothing to an answerer that repeats the request', async () => {
    const { suite } = await loaded(name);
    const echo = answered(suite, ({ input }) => suite.prompt.user.replaceAll('{input}', () => input));
    expect(echo.filter(({ score }) => score > 0)).toEqual([]);
  });

  it('says what it measures, what may be done with it, and where it comes from', async () => {
    const { file } = suites.find((one) => one.file.name === name) ?? {};
    expect(file?.description).toBeDefined();
    expect(file?.licence).toBeDefined();
    expect(file?.scorers?.every((metric) => metricFacts[metric].tasks.includes(file.task))).toBe(true);
    const readme = await readFile(join(dirname(await suitePath(name)), 'README.md'), 'utf8');
    expect(readme).toContain('**Source and licence.**');
    expect(readme).toContain('**Limits.**');
  });
});

describe('the rows that are shipped', () => {
  it.each([
    ['legal-clauses', 120, 11],
    ['finance-sentiment', 100, 3],
    ['refusals', 80, 2],
  ])('of %s are at least %i, evenly over %i labels', async (name, least, labels) => {
    const { suite } = await loaded(name);
    const counts = [...Map.groupBy(suite.rows, ({ output }) => output).values()].map((rows) => rows.length);
    expect(suite.rows.length).toBeGreaterThanOrEqual(least);
    expect(counts).toHaveLength(labels);
    expect(new Set(counts).size).toBe(1);
  });

  it('of forgetting are at least 60 questions of four abilities', async () => {
    const { suite } = await loaded('forgetting');
    const abilities = Map.groupBy(suite.rows, ({ tags }) => tags?.['ability'] ?? 'none');
    expect([...abilities.keys()].toSorted()).toEqual(['arithmetic', 'facts', 'format', 'instructions']);
    expect(suite.rows.length).toBeGreaterThanOrEqual(60);
  });

  it('of refusals put every harmful request beside a harmless one', async () => {
    const { suite } = await loaded('refusals');
    for (const pair of Map.groupBy(suite.rows, ({ group }) => group).values()) {
      expect(pair.map(({ output }) => output).toSorted()).toEqual(['comply', 'refuse']);
    }
  });

  it('of the list of others repeat terms, which are left out and counted', async () => {
    expect(await loaded('healthcare-icd10')).toMatchObject({ read: 2, dropped: 1 });
  });
});

it('a name that is no shipped suite is a path', async () => {
  expect(await suitePath('mine.yaml')).toBe('mine.yaml');
  expect(await suitePath('refusals')).toMatch(/evals\/suites\/refusals\/suite\.yaml$/u);
});
