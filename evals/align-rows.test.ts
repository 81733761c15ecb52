import { describe, expect, it } from 'vitest';
import { alignRows, type ArmRows } from './align-rows.ts';
import { syntheticResult } from './synthetic.ts';

const indices = [0, 1, 2, 3, 4];
const first: ArmRows = { label: 'first', results: indices.map((index) => syntheticResult(index, true)) };
const rowsOf = (numbers: readonly number[]): ArmRows => ({
  label: 'second',
  results: numbers.map((index) => syntheticResult(index, false)),
});

/** Every row asks the same, but for one. */
const asking = (arm: ArmRows, kind: string, text: string): ArmRows => ({
  ...arm,
  asked: { kind, digests: new Map(arm.results.map(({ rowId }) => [rowId, rowId === 'row-00002' ? text : 'same'])) },
});

describe('rows of another arm', () => {
  it('come in the order of the first arm', () => {
    const aligned = alignRows(first, rowsOf([4, 2, 0, 1, 3]));
    expect(aligned.map(({ rowId }) => rowId)).toEqual(first.results.map(({ rowId }) => rowId));
    expect(aligned.every(({ score }) => score === 0)).toBe(true);
  });

  it('are refused when they are others, with the counts and the first difference', () => {
    expect(() => alignRows(first, rowsOf([0, 1, 3, 7, 8, 9]))).toThrow(
      'the arms answered different rows: first has 5, second has 6; ' +
        '2 are only in first, first row-00002; 3 are only in second, first row-00007',
    );
  });

  it('are refused when one comes twice', () => {
    expect(() => alignRows(first, rowsOf([0, 1, 2, 3, 4, 4]))).toThrow('row row-00004 is answered twice');
  });

  it('are refused when an id has another expected answer', () => {
    const other = {
      ...rowsOf(indices),
      results: indices.map((index) => syntheticResult(index, true, { expected: 'x' })),
    };
    expect(() => alignRows(first, other)).toThrow('row row-00000 has another expected answer in second than in first');
  });

  it('are refused when an id asks something else, as far as that can be known', () => {
    const [ours, theirs] = [asking(first, 'tool a', 'this'), asking(rowsOf(indices), 'tool a', 'that')];
    expect(() => alignRows(ours, theirs)).toThrow('row row-00002 has another question');
    expect(alignRows(ours, asking(rowsOf(indices), 'tool b', 'that'))).toHaveLength(5);
    expect(alignRows(ours, rowsOf(indices))).toHaveLength(5);
  });
});
