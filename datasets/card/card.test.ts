import { describe, expect, it } from 'vitest';
import { sha256 } from '../../domain/canonical.ts';
import type { DatasetManifest } from '../../domain/dataset.ts';
import { datasetCard } from './card.ts';
import { curated } from '../synthetic-curation.ts';

const lines = Array.from({ length: 14 }, (_, row) => `${'word '.repeat(row + 1)}of row ${row},label ${row % 2}`);
const { manifest } = await curated(`text,label\n${lines.join('\n')}\n`, {
  curate: { dedupe: { exact: true, near: false } },
});

/** The lines between a heading and the next. */
function section(card: string, title: string): string {
  return card.split(/^## /mu).find((part) => part.startsWith(`${title}\n`)) ?? '';
}

describe('the data card', () => {
  it('shows the rows read, what each rule dropped in the order of the rules, and the rows kept', () => {
    const shown = section(
      datasetCard({ ...manifest, read: 30, kept: 7, dropped: { near_duplicate: 3, empty_input: 20 } }),
      'Dropped rows',
    );
    const counts = [...shown.matchAll(/\| (\d+) \|$/gmu)].map(([, count]) => Number(count));
    expect(counts).toEqual([30, 20, 3, 7]);
  });

  it('says how evenly labels are spread, by the figures of the manifest', () => {
    expect(manifest.splits.train.balance?.evenness).toBeGreaterThan(0.8);
    expect(section(datasetCard(manifest), 'Labels')).toContain(`train ${manifest.splits.train.balance?.evenness} (`);
  });

  it('tells overlaps by how a row overlaps and by what became of it', () => {
    const overlaps = {
      exact: { dropped: 5, reported: 0, waived: 1 },
      ngram: { dropped: 9, reported: 0, waived: 3 },
      near: { dropped: 8, reported: 0, waived: 0 },
    };
    const shown = section(withFindings({ overlaps }), 'Overlap with evaluations');
    expect(shown).toContain('26 rows overlap');
    expect(shown).toContain('| ngram | 9 | 0 | 3 |');
    expect(section(withFindings({}), 'Overlap with evaluations')).toContain('Nobody looked');
  });

  it('shows the first likely label errors, without labels where those would be row text', () => {
    const error = { id: 'a1', origin: { file: 'data.csv', line: 3 }, confidenceGiven: 0.01, confidenceSuggested: 0.9 };
    const labelErrorList = {
      looked: 14,
      notJudged: 2,
      first: [{ ...error, given: 'label|0', suggested: 'label 1' }, error],
    };
    const shown = section(withFindings({ labelErrors: 2, labelErrorList }), 'Likely label errors');
    expect(shown).toContain('2 rows of 14 looked at');
    expect(shown).toContain('2 have labels of too few rows');
    expect(shown).toContain(String.raw`| a1 | data.csv:3 | label\|0 | 0.01 | label 1 | 0.9 |`);
    expect(shown).toContain('| a1 | data.csv:3 | (text) |');
  });

  it('names the commit of a hub’s files', () => {
    const source = {
      path: 'hf://datasets/a/b/c.csv',
      sha256: sha256('c'),
      bytes: 1,
      rows: 1,
      revision: 'c'.repeat(40),
    };
    expect(section(datasetCard({ ...manifest, sources: [source] }), 'Sources')).toContain('c'.repeat(40));
  });

  it('is made of manifests that older versions wrote', () => {
    const { findings: _findings, lists: _lists, ...old } = manifest;
    const splits = Object.fromEntries(
      Object.entries(old.splits).map(([name, { rows, groups, file }]) => [name, { rows, groups, file }]),
    );
    const card = datasetCard({ ...old, splits: { ...old.splits, ...splits } });
    expect(card).toContain('rows read');
    expect(card).not.toContain('undefined');
  });
});

function withFindings(findings: Partial<NonNullable<DatasetManifest['findings']>>): string {
  return datasetCard({ ...manifest, findings: { conflictingInputs: 0, pii: {}, ...findings } });
}
