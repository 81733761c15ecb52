import { describe, expect, test } from 'vitest';
import { textOf } from '../html.ts';
import { syntheticDataset, syntheticRun } from '../synthetic-run.ts';
import type { TrainedRun } from '../report-data.ts';
import { datasetSection } from './dataset-section.ts';

type Dataset = TrainedRun['dataset'];
type Split = Dataset['splits']['train'];

/** What older versions recorded of a split. */
function recordedBefore({ rows, groups, file }: Split): Split {
  return { rows, groups, file };
}

async function shown(dataset: Dataset): Promise<string> {
  return textOf(await datasetSection({ ...syntheticRun(160, null), dataset })).replaceAll(/\s+/gu, ' ');
}

// Each section draws nine plots.
describe('the section of the dataset', { timeout: 30_000 }, () => {
  const dataset = syntheticDataset(160);

  test('tells what every rule dropped, in words for those who do not see the plot', async () => {
    const text = await shown(dataset);
    expect(text).toContain(
      'Of 1,022 rows read, 880 were kept. Dropped: empty output 7, contaminated 22, exact duplicate 40, near duplicate 73',
    );
    expect(text).toMatch(/−73<\/text>/u);
  });

  test('names sources with licence, commit and teacher, and leaves columns out that no source needs', async () => {
    const text = await shown(dataset);
    expect(text).toContain('CC-BY-4.0');
    expect(text).toContain('csv, gzip, utf-8');
    expect(text).toContain('synthetic-teacher; terms: no competing models');
    expect(text).toContain(`title="${dataset.sources[1]?.revision ?? ''}"`);
    const plain = await shown({ ...dataset, sources: dataset.sources.slice(0, 1) });
    expect(plain).not.toContain('Teacher');
    expect(plain).not.toContain('Commit');
  });

  test('shows what teachers answered and what it cost, and nothing where none was asked', async () => {
    const distilled = {
      source: 'questions.csv',
      provider: 'openai',
      model: 'synthetic-teacher',
      inputs: 1200,
      answered: 1190,
      refused: 40,
      failed: 3,
      unasked: 7,
      promptTokens: 52_000,
      completionTokens: 9000,
      usd: 1.234,
    };
    const findings = { conflictingInputs: 0, pii: {}, distilled: [distilled] };
    const text = await shown({ ...dataset, findings });
    expect(text).toMatch(/questions\.csv<.*?1,200<.*?1,190<.*?40<.*?3<.*?7<.*?52,000\/9,000<.*?\$1\.23</u);
    expect(await shown(dataset)).not.toContain('Answers asked for');
  });

  test('lists the first files of very many and says how many more there are', async () => {
    const sources = Array.from({ length: 100 }, (_, index) => ({
      path: `part-${index}.csv`,
      sha256: 'a'.repeat(64),
      bytes: 1,
      rows: 1,
    }));
    const text = await shown({ ...dataset, sources });
    expect(text).toContain('part-39.csv');
    expect(text).not.toContain('part-40.csv');
    expect(text).toContain('And 60 further files');
  });

  test('shows lengths and labels by split, escaped', async () => {
    const text = await shown(dataset);
    expect(text).toContain('medians in characters: train 64, validation 64, test 64');
    expect(text).toContain('Shares of 5 labels in each split; the most frequent is label 0 with 440 rows');
    expect(text).toContain('train 0.86 (most to fewest 4 to 1)');
    expect(text).toContain('label &lt;i&gt;4&lt;/i&gt;');
    expect(text).not.toContain('<i>');
  });

  test('plots the most frequent of many labels and keeps all in the table', async () => {
    const labels = Array.from({ length: 50 }, (_, index) => `intent ${String(index).padStart(2, '0')}`);
    const outputs = labels.map((output, index) => ({ output, rows: 100 - index }));
    const splits = { ...dataset.splits, train: { ...dataset.splits.train, outputs } };
    const text = await shown({ ...dataset, labels, splits });
    expect(text).toContain('The 20 most frequent of 50 labels. The other 30 have');
    const plots = [...text.matchAll(/<svg.*?<\/svg>/gu)].map(([svg]) => svg).join('');
    expect(plots).toContain('>intent 19<');
    expect(plots).not.toContain('>intent 20<');
    expect(text).toMatch(/<th scope="row" data-label="Label">intent 49<\/th>/u);
  });

  test('shows duplicates, personal data, overlaps by fate and the first likely label errors', async () => {
    const text = await shown(dataset);
    expect(text).toContain('<dt>Clusters of near duplicates</dt> <dd>31</dd>');
    expect(text).toMatch(/credit card<\/th><td class="number" data-label="Rows"><span>2</u);
    expect(text).toMatch(/Words in a row<\/th>.*?<span>9<.*?<span>0<.*?<span>3<.*?<span>12</u);
    expect(text).toContain('41 rows of 880 looked at; 4 have labels of too few rows to be judged');
    expect(text).toContain('synthetic.csv, line 34');
  });

  test('says what was not looked for', async () => {
    const findings = { conflictingInputs: 0, pii: {} };
    const text = await shown({ ...dataset, findings });
    expect(text).toContain('Nobody looked');
    expect(text).toContain('not looked for');
    expect(text).not.toContain('Likely label errors');
  });

  test('is made of manifests that older versions wrote', async () => {
    const { findings: _findings, lists: _lists, ...old } = dataset;
    const { train, validation, test: held } = dataset.splits;
    const text = await shown({
      ...old,
      sources: [{ path: 'old.csv', sha256: 'a'.repeat(64), bytes: 1, rows: 1022 }],
      splits: { train: recordedBefore(train), validation: recordedBefore(validation), test: recordedBefore(held) },
    });
    expect(text).toContain('5 distinct outputs.');
    expect(text).not.toMatch(/undefined|NaN/u);
  });

  test('draws nothing that is not a number when a split is empty', async () => {
    const {
      rows: _rows,
      lengths: _lengths,
      outputs: _outputs,
      balance: _balance,
      ...empty
    } = dataset.splits.validation;
    const text = await shown({
      ...dataset,
      splits: { ...dataset.splits, validation: { ...empty, rows: 0, groups: 0, outputs: [] } },
      dropped: {},
    });
    expect(text).toContain('No row was dropped.');
    expect(text).not.toMatch(/NaN|Infinity|undefined/u);
  });
});
