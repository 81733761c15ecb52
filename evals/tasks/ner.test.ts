import { describe, expect, test } from 'vitest';
import { syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const input = 'Dr Weber met Anna Weber in Bern. Later Weber left Bern.';
const gold = [
  { text: 'Anna Weber', label: 'PERSON', start: 13, end: 23 },
  { text: 'Bern', label: 'PLACE', start: 27, end: 31 },
  { text: 'Weber', label: 'PERSON', start: 39, end: 44 },
];
const scoring = syntheticScoring('ner', { labels: ['PERSON', 'PLACE'] });
const score = syntheticScorer(scoring, JSON.stringify(gold), input);
const counted = (answer: unknown): readonly number[] => {
  const { counts } = score(JSON.stringify(answer));
  return [counts?.given ?? -1, counts?.matched ?? -1, counts?.overlapping ?? -1];
};

describe('entities', () => {
  test('are right with place and label, in any order, within an object, with other words for the label', () => {
    expect(score(JSON.stringify({ entities: gold.toReversed() }))).toMatchObject({ score: 1, counts: { matched: 3 } });
    const typed = gold.map(({ label, ...rest }) => ({ ...rest, type: label.toLowerCase() }));
    expect(score(`\`\`\`json\n${JSON.stringify(typed)}\n\`\`\``).score).toBe(1);
  });

  test('without offsets are looked for in the input, one occurrence after the other', () => {
    const texts = syntheticScorer(
      scoring,
      JSON.stringify([
        { text: 'Bern', label: 'PLACE' },
        { text: 'Bern', label: 'PLACE' },
      ]),
      input,
    );
    expect(texts('[{"text":"Bern","label":"PLACE"},{"text":"bern","label":"place"}]').counts?.matched).toBe(2);
    expect(texts('{"PLACE":["Bern","Bern"]}').score).toBe(1);
  });

  test('with wrong offsets are looked for by their text', () => {
    expect(counted([{ text: 'Anna Weber', label: 'PERSON', start: 5, end: 15 }])).toEqual([1, 1, 1]);
  });

  test('with offsets in code points, as Python counts, are found behind characters that take two units', () => {
    const emoji = syntheticScorer(scoring, '[{"text":"Bern","label":"PLACE","start":4,"end":8}]', '🏔 — Bern');
    expect(emoji('[{"text":"Bern","label":"PLACE"}]').score).toBe(1);
    expect(emoji('[{"text":"Bern","label":"PLACE","start":5,"end":9}]').score).toBe(1);
  });

  test('that overlap with the same label count as relaxed matches, each once', () => {
    expect(counted([{ text: 'Anna', label: 'PERSON' }])).toEqual([1, 0, 1]);
    expect(
      counted([
        { text: 'Anna', label: 'PERSON' },
        { text: 'Weber', label: 'PERSON', start: 18, end: 23 },
      ]),
    ).toEqual([2, 0, 1]);
    expect(counted([{ text: 'Anna Weber in Bern', label: 'PERSON' }])).toEqual([1, 0, 1]);
    expect(counted([{ text: 'Anna Weber', label: 'PLACE' }])).toEqual([1, 0, 0]);
  });

  test('given twice are one match', () => {
    expect(counted([gold[1], gold[1]])).toEqual([2, 1, 1]);
  });

  test('that the input does not hold count as given and wrong', () => {
    expect(counted([...gold, { text: 'Zurich', label: 'PLACE' }])).toEqual([4, 3, 3]);
    expect(score(JSON.stringify([...gold, { text: 'Zurich', label: 'PLACE' }])).score).toBe(0);
  });

  test('may be none', () => {
    const none = syntheticScorer(scoring, '[]', input);
    expect(none('No entities: []')).toMatchObject({ parsed: '[]', score: 1, counts: { expected: 0, given: 0 } });
  });

  test.each([
    ['prose', 'Anna Weber (PERSON), Bern (PLACE)'],
    ['a list of texts', '["Anna Weber", "Bern"]'],
    ['entities without label', '[{"text":"Bern"}]'],
    ['labels that are none', '{"river":["Aare"]}'],
  ])('are not read from %s', (_, answer) => {
    expect(score(answer)).toMatchObject({ parsed: null, score: 0, counts: { expected: 3, given: 0 } });
  });

  test.each([
    ['a text that the input does not hold', '[{"text":"Zurich","label":"PLACE"}]', 'does not hold'],
    ['a label outside the label set', '[{"text":"Bern","label":"RIVER"}]', 'not in the label set'],
    ['prose', 'Bern', 'no JSON array'],
  ])('cannot be expected as %s', (_, output, message) => {
    expect(() => syntheticScorer(scoring, output, input)('[]')).toThrow(message);
  });
});
