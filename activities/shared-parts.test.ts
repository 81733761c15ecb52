import { describe, expect, it } from 'vitest';
import { syntheticResult } from '../evals/synthetic.ts';
import { partSharer } from './shared-parts.ts';

const { rowId, expected } = syntheticResult(1, true);

describe('sharing parts', () => {
  it.each([
    ['their row', { id: rowId, input: 'x', output: expected }],
    ['another row', { id: 'other', input: 'x', output: 'y' }],
    ['no row', undefined],
  ])('leaves results equal beside %s', (_, row) => {
    const share = partSharer();
    for (const answer of ['blue', 'blue', null, 'long '.repeat(100)]) {
      const result = { ...syntheticResult(1, true), answer, parsed: answer };
      expect(share(result, row)).toEqual(result);
    }
  });
});
