import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../domain/canonical.ts';
import { unbroken } from './format.ts';
import { renderReport } from './render-report.ts';
import { syntheticReport } from './synthetic-report.ts';

let report: string;

beforeAll(async () => {
  report = await renderReport(syntheticReport());
});

describe('the report', () => {
  test('states the verdict first, in its sentence and with a badge that needs no colour', () => {
    const { verdict } = syntheticReport();
    expect(report).toContain('✓ PROMOTE');
    const sentence = unbroken(verdict.sentence).replace('<', '&lt;');
    expect(report).toContain(sentence);
    expect(report.indexOf(sentence)).toBeLessThan(report.indexOf('<svg'));
  });

  test('names every section', () => {
    const titles = ['All arms on the same rows', 'Rows where arms differ', 'Training', 'Stages', 'Lineage'];
    for (const title of titles) {
      expect(report).toContain(`>${title}</h2>`);
    }
    expect(report.match(/<svg /gu)).toHaveLength(6);
  });

  test('shows the candidates of a sweep with the chosen one, and no such section without a sweep', async () => {
    expect(report).not.toContain('Candidates of the sweep');
    const card = { key: 'blobs/card', sha256: 'a'.repeat(64), bytes: 1 };
    const trained = { state: 'trained', note: '', trainSeconds: 60, trainLoss: 1, validationLoss: 0.5 } as const;
    const swept = await renderReport({
      ...syntheticReport(),
      sweep: [
        {
          ...trained,
          id: 'c1',
          label: 'lora_r 8',
          validation: { score: 0.5, n: 40, errors: 0, scorecard: card },
          chosen: false,
        },
        {
          ...trained,
          id: 'c2',
          label: 'lora_r 16',
          validation: { score: 0.625, n: 40, errors: 0, scorecard: card },
          chosen: true,
        },
        {
          ...trained,
          id: 'c3',
          label: 'lora_r <b>',
          state: 'failed',
          note: 'out of memory',
          validation: null,
          chosen: false,
        },
      ],
    });
    expect(swept).toContain('Candidates of the sweep');
    expect(swept).toMatch(/<code>c2<\/code> ✓ chosen/u);
    expect(swept).toContain('62.5 %');
    expect(swept).toContain('failed: out of memory');
    expect(swept).toContain('lora_r &lt;b&gt;');
  });

  test('says that a stand-in took part, and says nothing of the kind when none did', async () => {
    expect(report).toContain('Stand-in in the contest.');
    const honest = await renderReport(syntheticReport({ standIn: false }));
    expect(honest).not.toContain('Stand-in');
  });

  test('needs no network: no address outside namespaces, and a policy that forbids requests', () => {
    const addresses = [...report.matchAll(/(?:https?:)?\/\/[a-z0-9.]+\.[a-z]{2,}[^"'\s<]*/gu)].map(([found]) => found);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']));
    expect(report).toContain(`default-src 'none'`.replaceAll(`'`, '&#39;'));
    expect(report).not.toMatch(/<(?:link|iframe|object|embed|img|form)\b|@import|url\(/u);
  });

  test('the policy knows the only script by its hash', () => {
    const [, script = ''] = /<script>([^]*?)<\/script>/u.exec(report) ?? [];
    const hash = Buffer.from(sha256(script), 'hex').toString('base64');
    expect(report).toContain(`script-src &#39;sha256-${hash}&#39;`);
    expect(report.match(/<script/gu)).toHaveLength(1);
  });

  test('hostile text is shown and does nothing', () => {
    expect(report).toContain('&lt;script&gt;alert(&#39;run&#39;)&lt;/script&gt;');
    expect(report).not.toMatch(/<img|<svg onload|<h1>out/u);
    expect(report).not.toMatch(/(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    expect(report).toContain('⟦U+202E⟧');
    expect(report).toContain('תשובה מימין לשמאל');
  });

  test('a hostile arm label does nothing either, in tables and in plots', async () => {
    const data = syntheticReport();
    const label = 'x<script>alert(3)</script>\u202E" onload="alert(4)';
    const arms = data.arms.map(({ scorecard, results }) => ({
      results,
      scorecard: { ...scorecard, arm: { ...scorecard.arm, label } },
    }));
    const deciding = data.verdict.deciding.map((comparison) => Object.assign(comparison, { label }));
    const found = await renderReport({ ...data, arms, verdict: { ...data.verdict, deciding } });
    expect(found.match(/<script/gu)).toHaveLength(1);
    expect(found).not.toMatch(/\u202E|" onload="/u);
    for (const { scorecard } of arms) {
      expect(found).toContain(`⟦U+202E⟧&quot; onload=&quot;alert(4) [${scorecard.arm.id}]`);
    }
  });

  test('long answers are cut and say how long they were', () => {
    expect(report).toContain('… (15,000 characters)');
    expect(report.length).toBeLessThan(600_000);
  });

  test('an unknown cost is called "no price stated"', () => {
    expect(report).toContain('no price stated');
    expect(report).toContain('$0.0160');
  });

  test('of very many differing rows 200 are listed, and the total is told', async () => {
    const large = await renderReport(syntheticReport({ rows: 900 }));
    const [, body = ''] = /id="differing-rows"([^]*?)<\/table>/u.exec(large) ?? [];
    expect(body.match(/<th scope="row"/gu)).toHaveLength(200);
    expect(large).toContain('The first 200 are listed.');
    expect(large).toMatch(/[4-9]\d\d of 900 held-out rows are right for one arm/u);
  });

  test('hold and reject say that nothing was promoted', async () => {
    const worse = await renderReport(syntheticReport({ accuracy: { candidate: 0.2, baseline: 0.7 } }));
    expect(worse).toContain('✗ REJECT');
    expect(worse).toContain('no route moved: the verdict is reject');
    const open = await renderReport(syntheticReport({ accuracy: { candidate: 0.4, baseline: 0.4 } }));
    expect(open).toContain('‖ HOLD');
  });

  test('a run whose trainer logged nothing still has a report', async () => {
    const quiet = await renderReport({ ...syntheticReport(), progress: [], stages: [], lineage: [] });
    expect(quiet).toContain('The trainer logged no steps.');
    expect(quiet).not.toContain('NaN');
  });

  test('the same data give the same bytes', async () => {
    expect(await renderReport(syntheticReport())).toBe(report);
  });
});
