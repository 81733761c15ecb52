// Token counts without a tokenizer: from the characters of the rows, and called an estimate wherever they are shown.
import type { LargestBatch, TokenFigures } from '../../domain/preflight.ts';
import type { TrainRecipe } from '../../domain/recipe-train.ts';

/** English prose has about four characters a token with the vocabularies of current models; other text has fewer. */
export const charactersPerToken = 4;

/** Markup of one turn: role, separators and end of turn. */
export const tokensPerTurn = 5;

/** One row as messages in characters; `rejected` for preferences. */
export interface RowCharacters {
  readonly id: string;
  readonly promptCharacters: number;
  readonly promptTurns: number;
  readonly answerCharacters: number;
  readonly rejectedCharacters?: number;
}

/** Figures of one file of rows. */
export function guessTokens(rows: readonly RowCharacters[], sequenceLength: number): TokenFigures {
  const counted = rows.map((row) => guessRow(row));
  const longest = counted.map(({ longest: one }) => one).toSorted((left, right) => left - right);
  const over = counted.filter((row) => row.longest > sequenceLength);
  const sum = (pick: (row: RowCounts) => number): number => counted.reduce((total, row) => total + pick(row), 0);
  const at = (share: number): number => longest[Math.max(0, Math.ceil(share * longest.length) - 1)] ?? 0;
  return {
    rows: rows.length,
    total: sum(({ total }) => total),
    learnt: sum(({ learnt }) => learnt),
    prompt: sum(({ prompt }) => prompt),
    max: longest.at(-1) ?? 0,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    longer: { count: over.length, ids: over.slice(0, 20).map(({ id }) => id) },
  };
}

/** The largest forward pass if the longest rows met in it, padded: an upper bound. */
export function guessBatch(
  tokens: TokenFigures,
  { micro_batch_size: rows, method }: Pick<TrainRecipe, 'micro_batch_size' | 'method'>,
): LargestBatch {
  const lines = Math.min(rows, Math.max(tokens.rows, 1)) * (method === 'dpo' ? 2 : 1);
  const learnt = Math.ceil((tokens.learnt / Math.max(tokens.total, 1)) * lines * tokens.p90);
  return { lines, width: tokens.max, learnt, packed: false };
}

interface RowCounts {
  readonly id: string;
  readonly prompt: number;
  readonly learnt: number;
  readonly total: number;
  readonly longest: number;
}

/** `total` and `learnt` are of both answers for preferences; `longest` is prompt and longer answer. */
export function guessRow({
  id,
  promptCharacters,
  promptTurns,
  answerCharacters,
  rejectedCharacters,
}: RowCharacters): RowCounts {
  const prompt = tokensOf(promptCharacters) + tokensPerTurn * (promptTurns + 1);
  const answers = [answerCharacters, ...(rejectedCharacters === undefined ? [] : [rejectedCharacters])].map(
    (characters) => tokensOf(characters) + 1,
  );
  const learnt = answers.reduce((sum, answer) => sum + answer, 0);
  return { id, prompt, learnt, total: prompt * answers.length + learnt, longest: prompt + Math.max(...answers) };
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}
