// Asks one question until it is answered: waits out rate limits and outages, for a bounded time.
import { setTimeout as sleep } from 'node:timers/promises';
import { AskError, type Answer, type ModelClient, type Question } from './clients/model-client.ts';

export interface Patience {
  /** Tries in all. */
  readonly tries: number;
  /** Wait before the second try in milliseconds; it doubles from then on, with jitter. */
  readonly firstWaitMs: number;
  /** Longest wait, also when Retry-After asks for more. */
  readonly longestWaitMs: number;
}

export const usualPatience: Patience = { tries: 8, firstWaitMs: 500, longestWaitMs: 60_000 };

/** Throws the last AskError when patience ends; anything but a `transient` fault is thrown at once. */
export async function askPatiently(
  client: ModelClient,
  question: Question,
  patience: Patience = usualPatience,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.ask(question);
    } catch (error) {
      if (!(error instanceof AskError) || error.kind !== 'transient' || attempt >= patience.tries) {
        throw error;
      }
      // Full jitter keeps concurrent askers from coming back at the same moment.
      const backoff = patience.firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
      await sleep(Math.min(error.retryAfterMs ?? backoff, patience.longestWaitMs), undefined, {
        signal: question.signal,
      });
    }
  }
}
