import { describe, expect, test } from 'vitest';
import { syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const expected =
  '{"vendor":"ACME Ltd","total":12.5,"paid":true,"items":[{"name":"bolt","qty":2},{"name":"nut","qty":3}]}';
const schema = {
  type: 'object',
  properties: { vendor: { type: 'string' }, total: { type: 'number' }, paid: { type: 'boolean' } },
  required: ['vendor', 'total'],
};
const score = syntheticScorer(syntheticScoring('extraction', { responseSchema: schema }), expected);

describe('extracted fields', () => {
  test('are the same whatever the order of keys and arrays, the fence and the spaces', () => {
    const answer = `Sure!\n\`\`\`json\n{
      "paid": true, "items": [{"qty": 3.0, "name": " nut"}, {"name": "bolt", "qty": 2}],
      "total": 12.50, "vendor": "ACME \u00A0Ltd"
    }\n\`\`\`\nLet me know!`;
    expect(score(answer)).toMatchObject({
      score: 1,
      scores: { json_validity: 1, field_f1: 1, field_match: 1 },
      counts: { expected: 7, given: 7, matched: 7 },
    });
  });

  test('are compared with their type: a number is not the text that spells it', () => {
    // vendor right, total wrong: 1 of 2 given, 1 of 7 expected.
    const { score: exact, scores } = score('{"vendor":"ACME Ltd","total":"12.5"}');
    expect(exact).toBe(0);
    expect(scores).toEqual({ json_validity: 0, field_f1: 2 / 9, field_match: 1 / 5 });
  });

  test('that are not asked for cost precision and no recall', () => {
    const more = JSON.stringify({ ...JSON.parse(expected), colour: 'red' });
    expect(score(more)).toMatchObject({ score: 0, scores: { json_validity: 1, field_f1: 14 / 15, field_match: 1 } });
  });

  test('of swapped objects in an array are told apart by exact match alone', () => {
    const swapped = expected.replace('"qty":2', '"qty":9').replace('"qty":3', '"qty":2').replace('"qty":9', '"qty":3');
    expect(score(swapped)).toMatchObject({ score: 0, scores: { field_f1: 1, field_match: 1 } });
  });

  test('repeated in an array count as often as they stand there', () => {
    const tags = syntheticScorer(syntheticScoring('extraction'), '{"tags":["a","a","b"]}');
    expect(tags('{"tags":["b","a"]}')).toMatchObject({ scores: { field_f1: 0.8, field_match: 0 } });
    expect(tags('{"tags":["a","b","a"]}').score).toBe(1);
  });

  test('may be null or empty, which is a value', () => {
    const none = syntheticScorer(syntheticScoring('extraction'), '{"tags":[],"due":null}');
    expect(none('{"due":null,"tags":[]}').score).toBe(1);
    expect(none('{"tags":[]}').scores).toMatchObject({ field_f1: 2 / 3, field_match: 0.5 });
  });

  test('named __proto__ are fields like others', () => {
    const odd = syntheticScorer(syntheticScoring('extraction'), '{"__proto__":{"a":1},"b":2}');
    expect(odd('{"b":2,"__proto__":{"a":1}}').score).toBe(1);
    expect(odd('{"b":2}').scores.field_match).toBe(0.5);
  });

  test.each([
    ['prose', 'The vendor is ACME Ltd and the total 12.5'],
    ['JSON of another kind', '["ACME Ltd", 12.5]'],
    ['Python', "{'vendor': 'ACME Ltd', 'total': 12.5}"],
    ['JSON that was cut off', expected.slice(0, 60)],
  ])('are not read from %s', (_, answer) => {
    expect(score(answer)).toMatchObject({
      parsed: null,
      score: 0,
      scores: { json_validity: 0, field_f1: 0, field_match: 0 },
      counts: { expected: 7, given: 0, matched: 0 },
    });
  });

  test.each([
    ['no JSON', {}, 'well', 'no JSON object or array'],
    ['JSON outside the schema', { responseSchema: schema }, '{"vendor":"x"}', 'does not satisfy the response schema'],
    ['anything, when the schema is none', { responseSchema: { type: 'thing' } }, '{}', 'JSON Schema cannot be used'],
  ])('cannot be expected to be %s', (_, change, output, message) => {
    expect(() => syntheticScorer(syntheticScoring('extraction', change), output)('{}')).toThrow(message);
  });
});
