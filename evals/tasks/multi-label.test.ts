import { describe, expect, test } from 'vitest';
import { syntheticScorer, syntheticScoring } from './synthetic-scoring.ts';

const scoring = syntheticScoring('multi_label', { labels: ['fever', 'cough', 'rash'] });
const score = syntheticScorer(scoring, '["cough","fever"]');

describe('a set of labels', () => {
  test.each([
    ['as JSON', '["fever", "cough"]'],
    ['as JSON in a fence', 'Here you are:\n```json\n["fever", "cough"]\n```\nAnything else?'],
    ['as JSON between words', 'The labels are ["fever","cough"].'],
    ['as the only member of an object', '{"labels": ["cough", "fever"]}'],
    ['after a draft', '["rash"] was my first thought, but: ["cough", "fever"]'],
    ['with commas', 'Fever, cough.'],
    ['with semicolons', 'fever; cough'],
    ['line by line', '- fever\n- cough'],
    ['numbered', '1. Fever\n2. Cough'],
    ['with an explanation below', 'fever, cough\nThe text speaks of both.'],
    ['with a label twice', '["fever", "cough", "Fever"]'],
  ])('is read %s', (_, answer) => {
    expect(score(answer)).toEqual({
      parsed: '["cough","fever"]',
      score: 1,
      scores: { set_f1: 1 },
      counts: { expected: 2, given: 2, matched: 2, overlapping: 2 },
    });
  });

  test.each([
    ['prose', 'The patient has fever and a cough'],
    ['a list with words that are no labels', 'fever, cough, and some rest'],
    ['the label set, announced', 'Labels: fever, cough, rash'],
    ['JSON of numbers', '[1, 2]'],
  ])('is not read from %s', (_, answer) => {
    expect(score(answer)).toMatchObject({ parsed: null, score: 0, scores: { set_f1: 0 } });
  });

  test('scores the F1 of what it shares: one of two, and one too many, is a half', () => {
    expect(score('fever, rash')).toMatchObject({ parsed: '["fever","rash"]', score: 0, scores: { set_f1: 0.5 } });
    expect(score('fever').scores.set_f1).toBeCloseTo(2 / 3, 12);
  });

  test('counts what is no label as given and wrong when it stands in JSON', () => {
    expect(score('["fever","cough","gout"]')).toMatchObject({
      score: 0,
      scores: { set_f1: 0.8 },
      counts: { given: 3 },
    });
  });

  test.each(['[]', 'none', 'None.', '{"labels": []}'])('may be empty: %s', (answer) => {
    const empty = syntheticScorer(scoring, '[]');
    expect(empty(answer)).toMatchObject({ parsed: '[]', score: 1, scores: { set_f1: 1 } });
    expect(empty('fever')).toMatchObject({ score: 0, scores: { set_f1: 0 } });
  });

  test('keeps commas that labels hold', () => {
    const neoplasms = syntheticScoring('multi_label', { labels: ['Neoplasm, benign', 'Neoplasm, malignant'] });
    expect(syntheticScorer(neoplasms, '["Neoplasm, benign"]')('Neoplasm, benign').score).toBe(1);
    expect(() => syntheticScorer(neoplasms, 'Neoplasm, benign')('x')).toThrow('must be a JSON array');
  });

  test.each([
    ['["gout"]', 'not in the label set'],
    ['well …', 'no JSON array of labels'],
  ])('that is expected must be one: %s', (expected, message) => {
    expect(() => syntheticScorer(scoring, expected)('fever')).toThrow(message);
  });
});
