// The log probability of an answer, from the replies that give it by token.
import { z } from 'zod';

/** OpenAI's shape, and Together AI's older one. */
const replySchema = z.object({
  choices: z
    .array(
      z.object({
        logprobs: z.object({
          content: z.array(z.object({ logprob: z.number() })).nullish(),
          token_logprobs: z.array(z.number().nullable()).nullish(),
        }),
      }),
    )
    .min(1),
});

/** Sum over the tokens of the first choice; null when the reply does not give it. */
export function logProbabilityOf(reply: unknown): number | null {
  const logprobs = replySchema.safeParse(reply).data?.choices[0]?.logprobs;
  const tokens = logprobs?.content?.map(({ logprob }) => logprob) ?? logprobs?.token_logprobs ?? undefined;
  return sumOrNull(tokens?.filter((token) => token !== null));
}

export function sumOrNull(values: readonly number[] | undefined): number | null {
  return values === undefined || values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
