import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import pc from 'picocolors';
import { judgeContest } from '../evals/synthetic-contest.ts';
import { syntheticArm, syntheticContestant, syntheticResult } from '../evals/synthetic.ts';
import { armTable } from './arm-table.ts';
import { verdictLines, verdictSentenceLine } from './verdict-lines.ts';

const plain = pc.createColors(false);
const counts = { both: 300, wins: 80, losses: 10, neither: 10 };

test('a verdict shows comparisons, critical slices, what did not pass, and remarks', () => {
  const verdict = judgeContest({
    policy: { critical_slices: [{ slice: 'difficulty' }], max_cost_ratio: 0.5 },
    rows: (index) => ({ slices: { difficulty: index < 393 ? 'easy' : 'hard' } }),
    opponents: [{ counts }, { counts: { ...counts, both: 370, wins: 10 }, kind: 'classical' }],
  });
  expect(verdictLines(verdict, plain)).toEqual([
    expect.stringMatching(
      /^candidate − gpt-synthetic \(openai\): \+17\.5 points \[\+1.+\], McNemar p < 0\.001, superior$/u,
    ),
    expect.stringMatching(/^candidate − classical: \+0\.0 points .+, non-inferior$/u),
    expect.stringMatching(/^critical slice difficulty = easy, candidate − gpt-synthetic .+393 rows, non-inferior$/u),
    'critical slice difficulty = hard, candidate − gpt-synthetic (openai): 7 rows, too few rows',
    'critical slices unknown: critical slice difficulty = hard has 7 rows, and the recipe asks for at least 20',
    expect.stringMatching(/^cost unknown: the cost ratio is unknown: evaluate\.serving/u),
    expect.stringMatching(/^no language model is needed for this task/u),
  ]);
  expect(verdictSentenceLine(verdict, plain)).toMatch(/^HOLD {2}Hold because critical slice/u);
});

test('the table of arms has the scorers of the recipe, the deciding one first and with its interval', () => {
  const rows = Array.from({ length: 20 }, (_, index) =>
    syntheticResult(index, index % 2 === 0, { scores: { rouge_l: 0.25 } }),
  );
  const { scorecard } = syntheticContestant(syntheticArm('candidate'), rows, ['exact_match', 'macro_f1', 'rouge_l']);
  const [head, , body] = stripVTControlCharacters(armTable([scorecard], 'rouge_l'))
    .split('\n')
    .slice(1)
    .map((line) => line.split('│').map((cell) => cell.trim()));
  expect(head?.slice(1, 6)).toEqual(['arm', 'ROUGE-L', '95 % interval', 'exact match', 'macro-F1']);
  expect(body?.slice(1, 6)).toEqual([
    'candidate',
    '25.0 %',
    '25.0 – 25.0',
    '50.0 %',
    expect.stringMatching(/^0\.\d{3}$/u),
  ]);
});
