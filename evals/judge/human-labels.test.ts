import { describe, expect, it } from 'vitest';
import { BadInput } from '../../domain/bad-input.ts';
import { humanWinners, readHumanLabels } from './human-labels.ts';

describe('a file of labels', () => {
  it('may be CSV', () => {
    const text = '\u{FEFF}row,answer_a,answer_b,preference\r\nr1,"yes, ""sir""",no,a\r\nr2,,no,tie\r\n';
    expect(readHumanLabels(text, 'labels.csv')).toEqual([
      { row: 'r1', answer_a: 'yes, "sir"', answer_b: 'no', preference: 'a' },
      { row: 'r2', answer_a: '', answer_b: 'no', preference: 'tie' },
    ]);
  });

  it('may be JSON Lines', () => {
    const text = '{"row":"r1","arm_a":"candidate","arm_b":"base","preference":"b","annotator":"x"}\n\n';
    expect(readHumanLabels(text, 'labels.jsonl')).toHaveLength(1);
  });

  it.each([
    ['labels.csv', '', /there are no labels/u],
    ['labels.csv', 'row,preference\nr1,a\n', /label 1: needs answer_a and answer_b, or arm_a and arm_b/u],
    ['labels.csv', 'row,arm_a,arm_b,preference\nr1,x,y,better\n', /label 1: preference: /u],
    ['labels.csv', 'row,arm_a,arm_b,preference,mood\nr1,x,y,a,good\n', /label 1: .*mood/u],
    ['labels.csv', 'row,arm_a\nr1,"secret\n', /no valid CSV/u],
    ['labels.jsonl', '{"row":"r1"\n', /the line is not JSON/u],
    ['labels.jsonl', '[1]\n', /label 1: /u],
  ])('%s with %j is bad input', (name, text, message) => {
    const read = (): unknown => readHumanLabels(text, name);
    expect(read).toThrow(BadInput);
    expect(read).toThrow(message);
    expect(read).not.toThrow('secret');
  });
});

const labelOf = (row: string, preference: string) => ({ row, answer_a: 'ours', answer_b: 'theirs', preference });

describe('labels of people', () => {
  const arms = { candidate: 'candidate', other: 'baseline-1-m' };
  const pairs = new Map([
    ['r1', { candidate: 'ours', other: 'theirs' }],
    ['r2', { candidate: 'ours', other: 'theirs' }],
  ]);
  const winners = (labels: readonly object[]) =>
    Object.fromEntries(
      humanWinners(readHumanLabels(labels.map((label) => JSON.stringify(label)).join('\n'), 'x.jsonl'), arms, pairs),
    );

  it('count whichever answer stood first', () => {
    expect(
      winners([
        { row: 'r1', answer_a: 'ours', answer_b: 'theirs', preference: 'a' },
        { row: 'r2', answer_a: 'theirs\n', answer_b: 'ours', preference: 'a' },
      ]),
    ).toEqual({ r1: 'candidate', r2: 'other' });
  });

  it('of other answers, arms and rows do not count', () => {
    expect(
      winners([
        { row: 'r1', answer_a: 'ours', answer_b: 'older', preference: 'a' },
        { row: 'r1', answer_a: 'ours', answer_b: 'older', arm_a: 'candidate', arm_b: 'baseline-1-m', preference: 'a' },
        { row: 'r2', arm_a: 'candidate', arm_b: 'base', preference: 'a' },
        { row: 'r9', arm_a: 'candidate', arm_b: 'baseline-1-m', preference: 'a' },
      ]),
    ).toEqual({});
  });

  it('may name the arms alone', () => {
    expect(winners([{ row: 'r1', arm_a: 'baseline-1-m', arm_b: 'candidate', preference: 'b' }])).toEqual({
      r1: 'candidate',
    });
  });

  it('of several people make a majority, or a tie', () => {
    expect(
      winners([labelOf('r1', 'a'), labelOf('r1', 'a'), labelOf('r1', 'b'), labelOf('r2', 'a'), labelOf('r2', 'b')]),
    ).toEqual({ r1: 'candidate', r2: 'tie' });
  });
});
