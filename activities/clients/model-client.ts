// One way to ask any model, and the three ways in which asking can go wrong.
import type { ChatMessage } from '../../evals/prompt.ts';

/** A JSON Schema, as the providers take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A function that the model may call instead of answering in text. */
export interface FunctionTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters: JsonSchema;
}

export interface Question {
  readonly messages: readonly ChatMessage[];
  /** Longest answer in tokens. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  readonly tools?: readonly FunctionTool[];
  /** Schema of the answer, for providers with structured output (docs/providers.md says how far each one keeps to it). */
  readonly responseSchema?: JsonSchema;
  /** Asks for the log probability of the answer, where the provider gives it. */
  readonly logprobs?: boolean;
  /** Greedy (0) when left out, where the model allows it. */
  readonly temperature?: number;
  readonly seed?: number;
}

export interface ToolCall {
  readonly name: string;
  /** As the model sent them: usually JSON, never checked here. */
  readonly arguments: string;
}

/** What the endpoint said of its limits; each part is undefined where it said nothing. */
export interface RateLimit {
  readonly remainingRequests?: number;
  readonly remainingTokens?: number;
  /** Milliseconds until the limits are whole again. */
  readonly resetMs?: number;
}

export interface Answer {
  readonly text: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Prompt tokens that the provider read from its cache and counts in `promptTokens`. */
  readonly cachedPromptTokens: number;
  /** The endpoint's finish reason, for example `stop` or `length`. */
  readonly finish: string;
  readonly toolCalls: readonly ToolCall[];
  /** Sum of the natural log probabilities of the answer's tokens; null when not known. */
  readonly logprob: number | null;
  /** True when the model or a content filter refused; `text` then holds what it said instead, or nothing. */
  readonly refused: boolean;
  /** Milliseconds until the first token; null unless the answer was streamed. */
  readonly firstTokenMs: number | null;
  readonly rateLimit: RateLimit;
}

export interface ModelClient {
  /** One answer, greedy unless the question says otherwise. Throws AskError; never retries by itself. */
  ask(question: Question): Promise<Answer>;
}

/**
 * Why there is no answer. `transient`: ask again later. `row`: this row will never be answered (too long). `endpoint`:
 * no row will (wrong key, unknown model). Messages hold status and code, never row text or keys.
 */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly kind: 'transient' | 'row' | 'endpoint';
  /** What the endpoint asked for in its Retry-After or rate-limit headers, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Status of the reply that was no answer; undefined when none came, or none that could be read. */
  readonly status: number | undefined;

  constructor(kind: AskError['kind'], message: string, retryAfterMs?: number, status?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.status = status;
  }
}

/** What an answer holds of its own accord when nothing else is known. */
export const bareAnswer = {
  cachedPromptTokens: 0,
  toolCalls: [],
  logprob: null,
  refused: false,
  firstTokenMs: null,
  rateLimit: {},
} satisfies Partial<Answer>;

/** The answer to a prompt that a content filter stopped before the model saw it. */
export const refusedAnswer: Answer = {
  ...bareAnswer,
  text: '',
  promptTokens: 0,
  completionTokens: 0,
  finish: 'content_filter',
  refused: true,
};
