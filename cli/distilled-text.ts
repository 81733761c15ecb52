// What a teacher answered, in one line.
import type { DistilledSource } from '../domain/dataset.ts';

/** `teacher big (openai): 120 of 130 inputs of questions.csv answered, 4 not kept; 9,200 tokens in, 600 out, $0.0123`. */
export function distilledText(figures: DistilledSource): string {
  const { model, provider, source, inputs, answered, refused, failed, unasked, usd } = figures;
  const rest = [
    ...(refused === 0 ? [] : [`${whole(refused)} not kept`]),
    ...(failed === 0 ? [] : [`${whole(failed)} failed`]),
    ...(unasked === 0 ? [] : [`${whole(unasked)} NOT ASKED, the budget is spent`]),
  ].map((part) => `, ${part}`);
  const tokens = `${whole(figures.promptTokens)} tokens in, ${whole(figures.completionTokens)} out`;
  const cost = usd === null ? 'no price' : `$${usd.toFixed(4)} in all, earlier answers included`;
  return `teacher ${model} (${provider}): ${whole(answered)} of ${whole(inputs)} inputs of ${source} answered${rest.join('')}; ${tokens}, ${cost}`;
}

function whole(value: number): string {
  return value.toLocaleString('en');
}
