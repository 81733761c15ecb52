import { describe, expect, test } from 'vitest';
import { syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const weather = {
  name: 'weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' }, metric: { type: 'boolean' } },
  },
};
const scoring = syntheticScoring('tool_calls', { tools: [weather, { name: 'stop', parameters: {} }] });
const expected = '{"name":"weather","arguments":{"city":"Bern","days":3}}';
const score = syntheticScorer(scoring, expected);

describe('a tool call', () => {
  test.each([
    ['in our form', expected],
    ['in an array', `[${expected}]`],
    [
      'with arguments as text, as endpoints send them',
      '[{"name":"weather","arguments":"{\\"days\\":3,\\"city\\":\\"Bern\\"}"}]',
    ],
    [
      'in OpenAI’s form',
      '{"tool_calls":[{"id":"1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Bern\\",\\"days\\":3}"}}]}',
    ],
    ['in Anthropic’s form', '[{"type":"tool_use","id":"1","name":"weather","input":{"city":"Bern","days":3}}]'],
    ['with parameters, in tags', '<tool_call>{"name":"weather","parameters":{"city":"Bern","days":3}}</tool_call>'],
    ['with a number as text where the schema asks for a number', expected.replace('3', '"3"')],
    ['with extra spaces in numbers', expected.replace('3', '3.0')],
  ])('is read %s', (_, answer) => {
    expect(score(answer)).toMatchObject({ score: 1, scores: { tool_name: 1, tool_arguments: 1 } });
    expect(score(answer).parsed).toBe('[{"arguments":{"city":"Bern","days":3},"name":"weather"}]');
  });

  test('with other arguments has the name right alone', () => {
    for (const city of ['"bern"', '"Basel"', 'null', '["Bern"]']) {
      const answer = expected.replace('"Bern"', city);
      expect(score(answer)).toMatchObject({ score: 0, scores: { tool_name: 1, tool_arguments: 0 } });
    }
    expect(score('{"name":"weather","arguments":"Bern"}').scores).toEqual({ tool_name: 1, tool_arguments: 0 });
  });

  test('too many or too few is wrong', () => {
    expect(score(`[${expected},${expected}]`).scores).toEqual({ tool_name: 0, tool_arguments: 0 });
    const two = syntheticScorer(scoring, `[${expected},{"name":"stop","arguments":{}}]`);
    expect(two(`[{"name":"stop"},${expected}]`).score).toBe(1);
    expect(two(expected).scores).toEqual({ tool_name: 0, tool_arguments: 0 });
  });

  test('that is not made is an answer too', () => {
    const silent = syntheticScorer(scoring, '[]');
    expect(silent('I need no tool for that.')).toMatchObject({ parsed: '[]', score: 1 });
    expect(silent(expected).score).toBe(0);
    expect(silent('{"name": "weather", "arg')).toMatchObject({ parsed: null, score: 0 });
    expect(score('I cannot look that up.')).toMatchObject({ parsed: '[]', score: 0 });
  });

  test.each([
    ['no call', 'weather in Bern', 'no JSON of {name, arguments}'],
    ['a call of an unknown function', '{"name":"news","arguments":{}}', 'not among the tools'],
  ])('cannot be expected as %s', (_, output, message) => {
    expect(() => syntheticScorer(scoring, output)('x')).toThrow(message);
  });
});
