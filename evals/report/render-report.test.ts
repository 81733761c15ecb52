import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../domain/canonical.ts';
import { baselineSchema } from '../../domain/recipe-baseline.ts';
import { unbroken } from './format.ts';
import { renderReport } from './render-report.ts';
import { syntheticReport } from './synthetic-report.ts';

let report: string;

beforeAll(async () => {
  report = await renderReport(await syntheticReport());
}, 30_000);

/** The page without its script and its blocks of data, which no browser shows. */
function readable(page: string): string {
  return page.replaceAll(/<script\b[^]*?<\/script>/gu, '');
}

// Each report draws some twenty plots, which takes its time on a busy machine.
describe('the report', { timeout: 30_000 }, () => {
  test('states the verdict first, in its sentence and with a badge that needs no colour', async () => {
    const { verdict } = await syntheticReport();
    expect(report).toContain('✓ PROMOTE');
    const sentence = unbroken(verdict.sentence).replace('<', '&lt;');
    expect(report).toContain(sentence);
    expect(report.indexOf(sentence)).toBeLessThan(report.indexOf('<svg'));
  });

  test('names every section', () => {
    const titles = [
      'Checks',
      'All arms on the same rows',
      'The candidate against each other arm',
      'By slice',
      'Confusion',
      'Cost against quality',
      'Latency',
      'Rows',
      'Training',
      'Stages',
      'Lineage',
    ];
    const places = titles.map((title) => report.indexOf(`>${title}</h2>`));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places[0]).toBeGreaterThan(0);
    for (const [, id = ''] of report.matchAll(/<a href="#([a-z]+)">/gu)) {
      expect(report).toContain(`id="${id}"`);
    }
  });

  test('shows the candidates of a sweep with the chosen one, and no such section without a sweep', async () => {
    expect(report).not.toContain('Candidates of the sweep');
    const card = { key: 'blobs/card', sha256: 'a'.repeat(64), bytes: 1 };
    const data = await syntheticReport();
    const run = data.run ?? expect.fail('the synthetic report is of a run');
    const trained = { state: 'trained', note: '', trainSeconds: 60, trainLoss: 1, validationLoss: 0.5 } as const;
    const swept = await renderReport({
      ...data,
      run: {
        ...run,
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
      },
    });
    expect(swept).toContain('Candidates of the sweep');
    expect(swept).toMatch(/<code>c2<\/code> ✓ chosen/u);
    expect(swept).toContain('62.5 %');
    expect(swept).toContain('failed: out of memory');
    expect(swept).toContain('lora_r &lt;b&gt;');
  });

  test('says that a stand-in took part, and says nothing of the kind when none did', async () => {
    expect(report).toContain('Stand-in in the contest.');
    const honest = await renderReport(await syntheticReport({ standIn: false }));
    expect(honest).not.toContain('Stand-in');
  });

  test('needs no network: no address outside namespaces, and a policy that forbids requests', () => {
    const addresses = [...report.matchAll(/(?:https?:)?\/\/[a-z0-9.]+\.[a-z]{2,}[^"'\s<]*/gu)].map(([found]) => found);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']));
    expect(report).toContain(`default-src 'none'`.replaceAll(`'`, '&#39;'));
    expect(report).not.toMatch(/<(?:link|iframe|object|embed|img|form)\b|@import|url\(/u);
  });

  test('the policy knows the only script that runs by its hash', () => {
    const [, script = ''] = /<script type="module">([^]*?)<\/script>/u.exec(report) ?? [];
    const hash = Buffer.from(sha256(script), 'hex').toString('base64');
    expect(report).toContain(`script-src &#39;sha256-${hash}&#39;`);
    const types = [...report.matchAll(/<script\b([^>]*)>/gu)].map(([, attributes]) => attributes);
    expect(types).toEqual([
      ' id="rows-header" type="application/json"',
      ' id="rows-data" type="text/plain"',
      ' type="module"',
    ]);
  });

  test('hostile text is shown and does nothing', () => {
    expect(report).toContain('&lt;script&gt;alert(&#39;run&#39;)&lt;/script&gt;');
    expect(report).not.toMatch(/<img|<svg onload|<h1>out|<b>scan/u);
    expect(report).toContain('&lt;b&gt;scan&lt;/b&gt;');
    expect(report).not.toMatch(/(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    expect(report).toContain('⟦U+202E⟧');
    expect(report).toContain('תשובה מימין לשמאל');
  });

  test('a hostile arm label does nothing either, in tables and in plots', async () => {
    const data = await syntheticReport();
    const label = 'x<script>alert(3)</script>\u202E" onload="alert(4)';
    const arms = data.arms.map(({ scorecard, answers }) => ({
      answers,
      scorecard: { ...scorecard, arm: { ...scorecard.arm, label } },
    }));
    const deciding = data.verdict.deciding.map((comparison) => Object.assign(comparison, { label }));
    const found = await renderReport({ ...data, arms, verdict: { ...data.verdict, deciding } });
    expect(found.match(/<script/gu)).toHaveLength(3);
    expect(found).not.toContain('\u202E');
    expect(readable(found)).not.toMatch(/<[^<>]*" onload="/u);
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

  test('can be read without its script: some rows stand in a table, and it says what is missing', async () => {
    const large = await renderReport(await syntheticReport({ rows: 900 }));
    const [, body = ''] = /id="differing-rows"([^]*?)<\/table>/u.exec(large) ?? [];
    expect(body.match(/<th scope="row"/gu)).toHaveLength(20);
    expect(large).toMatch(/Arms differ on [4-9]\d\d of 900 held-out rows\. All rows are in this file/u);
    expect(large).toMatch(/<noscript>\s*<p[^>]*>\s*The rows browser needs JavaScript/u);
  });

  test('slices of few rows are greyed and not left out, critical ones are marked', () => {
    expect(report).toMatch(/<tr class="faint">\s*<th scope="row" data-label="origin">&lt;b&gt;scan/u);
    expect(report).toContain('too few rows');
    expect(report).toMatch(/title="critical slice"[^]{0,120}short/u);
  });

  test('checks that did not pass stand at the top as what would change the verdict', async () => {
    expect(report).not.toContain('What would change this verdict');
    const data = await syntheticReport();
    const failed = {
      check: 'cost',
      outcome: 'unknown',
      measured: null,
      limit: 0.5,
      unit: 'share',
      sentence: 'the cost <is> not known',
    } as const;
    const found = await renderReport({ ...data, verdict: { ...data.verdict, checks: [failed] } });
    expect(found).toMatch(/What would change this verdict[^]*the cost &lt;is&gt; not known\.[^]*>Checks<\/h2>/u);
    expect(found).toContain('unknown, counts as failed');
  });

  test('an evaluation without training has no sections of a run', async () => {
    const found = await renderReport(await syntheticReport({ evaluation: true }));
    expect(found).toContain('evaluation <code>');
    expect(found).not.toMatch(/>(?:Training|Dataset)|route|registered/u);
    expect(found).toContain('>Lineage</h2>');
  });

  test('many labels are told by their most confused pairs, few by a matrix', async () => {
    expect(report).toContain('class="matrix"');
    const many = await renderReport(await syntheticReport({ rows: 400, labels: 40 }));
    expect(many).not.toContain('class="matrix"');
    expect(many).toMatch(/40 labels are too many for a matrix: the 25 most frequent/u);
  });

  test('judges are told with their consistency, and there is no such section without them', async () => {
    expect(report).not.toContain('id="judges"');
    const judged = await renderReport(await syntheticReport({ judged: true }));
    for (const text of ['Orders agree', '91.0 %', 'kappa 0.64 (0.48 to 0.80), 50 rows', 'family of the candidate.']) {
      expect(judged).toContain(text);
    }
    expect(judged).toContain('m1 &lt;b&gt;large&lt;/b&gt;');
    expect(judged).toContain('+0.17 (95');
  });

  test('arms of unknown cost are named and not drawn at nothing', () => {
    expect(report).toMatch(/Cost not known, because no price is stated: candidate; base; few_shot\. Not drawn\./u);
  });

  test('arms that were asked in batches are named with their price', async () => {
    expect(report).not.toContain('At the batch price');
    const data = await syntheticReport();
    const endpoint = baselineSchema.parse({ provider: 'openai', model: 'm', batch: true });
    const arms = data.arms.map((one) =>
      one.scorecard.arm.kind === 'baseline'
        ? { ...one, scorecard: { ...one.scorecard, arm: { ...one.scorecard.arm, endpoint } } }
        : one,
    );
    expect(await renderReport({ ...data, arms })).toMatch(/At the batch price, half of the stated one: [^;<]+\./u);
  });

  test('hold and reject say that nothing was promoted', async () => {
    const worse = await renderReport(await syntheticReport({ accuracy: { candidate: 0.2, baseline: 0.7 } }));
    expect(worse).toContain('✗ REJECT');
    expect(worse).toContain('no route moved: the verdict is reject');
    const open = await renderReport(await syntheticReport({ accuracy: { candidate: 0.4, baseline: 0.4 } }));
    expect(open).toContain('‖ HOLD');
  });

  test('a run whose trainer logged nothing still has a report', async () => {
    const data = await syntheticReport();
    const run = data.run ?? expect.fail('the synthetic report is of a run');
    const quiet = await renderReport({ ...data, run: { ...run, progress: [] }, stages: [], lineage: [] });
    expect(quiet).toContain('The trainer logged no steps.');
    expect(readable(quiet)).not.toContain('NaN');
  });

  test('the same data give the same bytes', async () => {
    expect(await renderReport(await syntheticReport())).toBe(report);
  });
});
