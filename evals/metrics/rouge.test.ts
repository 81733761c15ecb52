import { describe, expect, test } from 'vitest';
import { rougeScores, words } from './rouge.ts';

describe('ROUGE', () => {
  test('is 1 for the same words, whatever their case and punctuation', () => {
    expect(rougeScores('The cat, sat!', 'the CAT sat.')).toEqual({ rouge_1: 1, rouge_2: 1, rouge_l: 1 });
  });

  test('agrees with figures computed by hand', () => {
    // Lin 2004, section 3: reference "police killed the gunman"; S2 has an LCS of 3 words, S3 of 2, of 4 and 4.
    const reference = 'police killed the gunman';
    expect(rougeScores('police kill the gunman', reference)).toEqual({ rouge_1: 0.75, rouge_2: 1 / 3, rouge_l: 0.75 });
    expect(rougeScores('the gunman kill police', reference)).toEqual({ rouge_1: 0.75, rouge_2: 1 / 3, rouge_l: 0.5 });
    // 6 and 9 words. Shared words: the, cat, sat, on, the, mat = 6: P = 1, R = 6/9, F = 0.8. Shared pairs: "the cat", "sat on",
    // "on the": of 5 and 8, F = 6/13. Longest common subsequence: all 6 words, F = 12/15.
    const {
      rouge_1: one,
      rouge_2: two,
      rouge_l: longest,
    } = rougeScores('the cat sat on the mat', 'the cat quietly sat on the small red mat');
    expect(one).toBeCloseTo(0.8, 12);
    expect(two).toBeCloseTo(6 / 13, 12);
    expect(longest).toBeCloseTo(0.8, 12);
  });

  test('counts a repeated word only as often as the reference has it', () => {
    // P = 2/7, R = 2/6 (the reference has "the" twice).
    expect(rougeScores('the the the the the the the', 'the cat sat on the mat').rouge_1).toBeCloseTo(4 / 13, 12);
  });

  test('takes the subsequence over the whole text, not by sentences', () => {
    // By sentences, "b." and "a." would both match. Over the whole text one of them does: 1 of 2 and 2.
    expect(rougeScores('b. a.', 'a. b.').rouge_l).toBe(0.5);
  });

  test('of one word has no pairs, and of none is 0', () => {
    expect(rougeScores('cat', 'cat')).toEqual({ rouge_1: 1, rouge_2: 0, rouge_l: 1 });
    expect(rougeScores('…!', 'cat')).toEqual({ rouge_1: 0, rouge_2: 0, rouge_l: 0 });
  });

  test('takes words that look like names of the language’s own', () => {
    expect(rougeScores('constructor __proto__ toString', 'constructor proto tostring').rouge_1).toBe(1);
  });

  test('reads letters of every script, and scripts without spaces by character', () => {
    expect(words('Größe: naïve Ⅷ ２５ don’t')).toEqual(['größe', 'naïve', 'viii', '25', 'don', 't']);
    expect(words('東京へ行く')).toEqual(['東', '京', 'へ', '行', 'く']);
    expect(words('हिन्दी भाषा')).toEqual(['हिन्दी', 'भाषा']);
  });

  test('of texts at the limits is computed, in bounded time, and beyond them 0', () => {
    const long = Array.from({ length: 4000 }, (_, index) => `w${index}`);
    expect(rougeScores(long.join(' '), long.join(' ')).rouge_l).toBe(1);
    const longer = Array.from({ length: 20_001 }, () => 'word').join(' ');
    expect(rougeScores(longer, 'word').rouge_1).toBe(0);
    expect(() => rougeScores('word', longer)).toThrow('ROUGE takes 1 to 20000');
  });

  test('of a text of long words does not exceed the limits of the package', () => {
    const words20 = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index).repeat(50_000));
    expect(rougeScores(words20.join(' '), words20.join(' ')).rouge_2).toBe(1);
  });
});
