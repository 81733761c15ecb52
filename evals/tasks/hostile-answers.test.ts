import { describe, expect, test } from 'vitest';
import type { Task } from '../../domain/task.ts';
import { rowResultSchema } from '../../domain/scorecard.ts';
import { hostileAnswers, syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const input = 'Ada Lovelace wrote to Charles Babbage in London about the engine.';
const tool = { name: 'find', parameters: { type: 'object', properties: { q: { type: 'string' } } } };
const cases: [Task, string, Parameters<typeof syntheticScoring>[1]][] = [
  ['classification', 'letter', { labels: ['letter', 'bill'] }],
  ['multi_label', '["letter","bill"]', { labels: ['letter', 'bill'] }],
  ['extraction', '{"from":"Ada Lovelace","years":[1843]}', { responseSchema: { type: 'object', required: ['from'] } }],
  ['ner', '[{"text":"Ada Lovelace","label":"person"}]', { labels: ['person', 'place'] }],
  ['summarization', 'Lovelace corresponded with Babbage.', {}],
  ['generation', 'Charles replied.', {}],
  ['tool_calls', '{"name":"find","arguments":{"q":"Ada"}}', { tools: [tool] }],
];
/** Each takes well under a second alone; a busy machine may take longer, and quadratic time takes minutes. */
const maxMs = 4000;
const shape = rowResultSchema.pick({ parsed: true, score: true, scores: true, counts: true });

describe.each(cases)('answers of %s', (task, expected, change) => {
  const score = syntheticScorer(syntheticScoring(task, change), expected, input);

  test.each(hostileAnswers(input))('that are %s score nothing, in bounded time', (_, answer) => {
    const started = performance.now();
    const scored = score(answer);
    expect(performance.now() - started).toBeLessThan(maxMs);
    expect(shape.parse(scored)).toEqual(scored);
    expect(scored.score).toBe(0);
    expect(scored.counts?.matched ?? 0).toBe(0);
    const { json_validity: _validity, ...quality } = scored.scores;
    expect(Math.max(0, ...Object.values(quality))).toBe(0);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('that are missing are scored like those that say nothing', () => {
    expect(score(null)).toEqual(score(''));
    expect(score(null).parsed).toBeNull();
  });

  test('that are right score everything', () => {
    const { score: exact, scores, parsed } = score(expected);
    expect(exact).toBe(1);
    expect(Object.values(scores).filter((value) => value !== 1)).toEqual([]);
    expect(parsed).not.toBeNull();
  });
});

describe('an answer that repeats the prompt', () => {
  const system = 'Name the labels that fit, as a JSON array such as ["letter", "bill"]. Answer with nothing else.';
  const scoring = syntheticScoring('multi_label', {
    labels: ['letter', 'bill'],
    prompt: { system, user: 'Text: {input}\nAnswer as JSON, for example ["letter", "bill"]:' },
  });
  const score = syntheticScorer(scoring, '["letter","bill"]', input);
  const question = `Text: ${input}\nAnswer as JSON, for example ["letter", "bill"]:`;

  test.each([
    ['the system message', system],
    ['the question', question],
    ['both', `${system}\n\n${question}`],
    ['both, with other white space', `${system}   ${question}`.replaceAll(' ', '  ').replaceAll('\n', ' \n\n ')],
    ['both, twice', `${system}\n${question}\n${system}\n${question}`],
  ])('scores nothing: %s', (_, answer) => {
    expect(score(answer)).toMatchObject({ parsed: null, score: 0, scores: { set_f1: 0 } });
  });

  test('and then answers is read where the repetition ends', () => {
    expect(score(`${system}\n${question} ["letter"]`)).toMatchObject({ parsed: '["letter"]', counts: { matched: 1 } });
  });

  test('that the expected answer repeats as well is right', () => {
    const same = syntheticScorer(syntheticScoring('generation'), input, input);
    expect(same(input).score).toBe(1);
  });
});
