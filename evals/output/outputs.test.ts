// JUnit XML and Markdown of verdicts: what they say, and that no text can break them.
import { describe, expect, it } from 'vitest';
import { gateSchema, type GateRecipe } from '../../domain/recipe-gate.ts';
import { verdictSchema, type Verdict } from '../../domain/verdict.ts';
import { decide } from '../gate.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from '../synthetic.ts';
import { junitXml } from './junit.ts';
import { markdownText } from './markdown-text.ts';
import { verdictMarkdown } from './markdown.ts';

const indices = Array.from({ length: 80 }, (_, index) => index);

const sliced = (index: number) => ({ slices: { team: index < 40 ? 'north' : 'south' } });

/** The candidate has all rows right; the baseline is right where it is told. */
function contest(label: string, right: (index: number) => boolean, policy: Partial<GateRecipe> = {}) {
  const candidate = syntheticContestant(
    syntheticArm('candidate'),
    indices.map((index) => syntheticResult(index, true, sliced(index))),
  );
  const baseline = syntheticContestant(
    syntheticArm('baseline', { label }),
    indices.map((index) => syntheticResult(index, right(index), sliced(index))),
  );
  const verdict = decide({ policy: gateSchema.parse(policy), suite: syntheticSuite, candidate, others: [baseline] });
  return { verdict: verdictSchema.parse(verdict), scorecards: [candidate.scorecard, baseline.scorecard] };
}

/** Reads XML as strictly as these documents need; throws for anything that is not well formed. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const open: string[] = [];
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const token = /<\?xml [^?]*\?>|<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/guy;
  let end = 0;
  for (const [whole, closing, name = '', attributes = '', empty, text] of xml.matchAll(token)) {
    end += whole.length;
    if (/&(?!(?:amp|lt|gt|quot|apos);)/u.test(whole)) {
      throw new Error(`a bare & in ${whole}`);
    }
    if (closing === '/') {
      if (open.pop() !== name) {
        throw new Error(`</${name}> closes nothing`);
      }
    } else if (name !== '') {
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/gu)].map(([, key = '', value = '']) => [key, value]);
      elements.push({ name, attributes: Object.fromEntries(pairs), text: '' });
      open.push(...(empty === '/' ? [] : [name]));
    } else if (text !== undefined) {
      const last = elements.at(-1);
      if (last !== undefined) {
        last.text += text.trim();
      }
    }
  }
  if (end !== xml.length || open.length > 0) {
    throw new Error(`not well formed after ${end} of ${xml.length} characters`);
  }
  return elements;
}

const casesOf = (xml: string) => elementsOf(xml).filter(({ name }) => name === 'testcase');
const failuresOf = (xml: string) => elementsOf(xml).filter(({ name }) => name === 'failure');

const hostile = '<b>"gpt" & \'co\'</b> | `x` @team #1 https://evil.example [a](b)\u0000\u001B[31m\uD800\u202E\nnext';

describe('JUnit XML', () => {
  it('of a promotion has a case for the comparison, each critical slice and each check, and none fails', () => {
    const { verdict } = contest('gpt', (index) => index % 4 > 0, { critical_slices: [{ slice: 'team' }] });
    const xml = junitXml(verdict, 'tickets');
    expect(verdict.kind).toBe('promote');
    expect(failuresOf(xml)).toEqual([]);
    const names = casesOf(xml).map(({ attributes }) => attributes['name']);
    expect(names).toHaveLength(1 + 2 + verdict.checks.length);
    expect(names).toContain('not worse than gpt on team north');
    expect(elementsOf(xml)[0]?.attributes).toMatchObject({ tests: String(names.length), failures: '0' });
  });

  it('of a hold fails in the comparison that is open and the check that did not pass, with the reasons', () => {
    const { verdict } = contest('gpt', (index) => index % 40 > 0, { margin: 0.001, rule: 'superior', min_rows: 200 });
    const xml = junitXml(verdict, 'tickets');
    expect(verdict.kind).toBe('hold');
    expect(failuresOf(xml).map(({ attributes }) => attributes['message'])).toEqual([
      expect.stringContaining('on 80 rows'),
      expect.stringContaining('only 80 held-out rows'),
    ]);
    const suites = elementsOf(xml).filter(({ name }) => name === 'testsuite');
    expect(suites.map(({ attributes }) => attributes['failures'])).toEqual(['1', '1']);
  });

  it('of a record of version 0.1.0 has the vetoes as failed checks', () => {
    const { verdict } = contest('gpt', () => true);
    const old: Verdict = { ...verdict, checks: [], vetoes: ['only 3 rows', 'licence unknown'] };
    expect(
      failuresOf(junitXml(old, 't'))
        .map(({ text }) => text)
        .slice(-2),
    ).toEqual(['only 3 rows', 'licence unknown']);
  });

  it('stays well formed whatever the texts hold, and has no character that XML forbids', () => {
    const { verdict } = contest(hostile, () => false);
    const xml = junitXml(verdict, hostile);
    expect(casesOf(xml)[0]?.attributes['name']).toContain('&lt;b&gt;&quot;gpt&quot; &amp; &apos;co&apos;');
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B-\u001F\uFFFE]|[\uD800-\uDFFF](?![\uDC00-\uDFFF])/u);
  });
});

describe('Markdown', () => {
  it('has verdict, arms, comparison, critical slices and checks', () => {
    const { verdict, scorecards } = contest('gpt', (index) => index % 4 > 0, { critical_slices: [{ slice: 'team' }] });
    const text = verdictMarkdown(verdict, scorecards, 'tickets');
    expect(text).toMatch(/^### tickets: promote\n\nPromote: /u);
    expect(text).toContain('| candidate | 100.0 % |');
    expect(text).toMatch(/\| gpt \| \+25\.0 \| .* \| 20 \/ 0 \| .* \| better \|/u);
    expect(text).toMatch(/\| team \| north \| gpt \| 40 \|/u);
    expect(text).toMatch(/\| min rows \| ✓ passed \|/u);
  });

  it('says that a stand-in took part', () => {
    const results = indices.map((index) => syntheticResult(index, true));
    const { scorecard } = syntheticContestant(syntheticArm('baseline', { standIn: true }), results);
    expect(verdictMarkdown(contest('tfidf', () => true).verdict, [scorecard], 't')).toContain(
      'says nothing about GPT or Claude',
    );
  });

  it('stays within a comment when there are hundreds of slices, and says how many are left out', () => {
    const { verdict, scorecards } = contest('gpt', () => true, { critical_slices: [{ slice: 'team' }] });
    const [slice] = verdict.slices;
    const [check] = verdict.checks;
    if (slice === undefined || check === undefined) {
      throw new Error('the contest has no slice or no check');
    }
    const many: Verdict = {
      ...verdict,
      slices: Array.from({ length: 300 }, (_, index) => ({
        ...slice,
        value: `value ${index}`,
        conclusion: index === 299 ? 'worse' : 'non_inferior',
      })),
      checks: Array.from({ length: 300 }, () => ({ ...check, sentence: 'a'.repeat(300) })),
    };
    const text = verdictMarkdown(many, scorecards, 't');
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\| team \| value 299 \|.*\| worse \|/u);
    expect(text).toContain('260 further slices');
  });

  it('keeps every table row on one line with as many cells as its head', () => {
    const { verdict, scorecards } = contest(hostile, () => false, { critical_slices: [{ slice: 'team' }] });
    const text = verdictMarkdown(verdict, scorecards, hostile);
    const tables = text.split('\n\n').filter((part) => part.startsWith('|'));
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) {
      const cells = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size, table).toBe(1);
    }
    expect(text).not.toMatch(/<(?!\/?sub>)/u);
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['a\u0000b\r\nc\u202Ed', 'a b c d'],
    ['@team, #12', '@&#8203;team, #&#8203;12'],
    ['see https://x.example', 'see https&#58;//x.example'],
    ['[a](b) *c* _d_ `e` ~f~ \\', '\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\` \\~f\\~ \\\\'],
  ])('writes %j as %j', (text, written) => {
    expect(markdownText(text)).toBe(written);
  });
});
