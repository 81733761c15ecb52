// One way to ask any model, and the three ways in which asking can go wrong.
import type { ChatMessage } from '../../evals/prompt.ts';

export interface Question {
  readonly messages: readonly ChatMessage[];
  /** Longest answer in tokens. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** The endpoint's finish reason, for example `stop` or `length`. */
  readonly finish: string;
}

export interface ModelClient {
  /** One greedy answer. Throws AskError; never retries by itself. */
  ask(question: Question): Promise<Answer>;
}

/**
 * Why there is no answer. `transient`: ask again later. `row`: this row will never be answered (refused content,
 * too long). `endpoint`: no row will (wrong key, unknown model). Messages hold status and code, never row text.
 */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly kind: 'transient' | 'row' | 'endpoint';
  /** What the endpoint asked for in its Retry-After header, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: AskError['kind'], message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
