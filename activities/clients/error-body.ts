// Reads the error bodies of all vendors: which code they give, and the words that a fault is told by.
import { z } from 'zod';

export interface ErrorBody {
  /** The vendor's code or type, for example `rate_limit_error`; empty when there is none that may be shown. */
  readonly code: string;
  /** Everything that describes the error, in lower case. For telling faults apart: it may quote the row. */
  readonly words: string;
  /** Wait that the body asks for in milliseconds (Google's RetryInfo). */
  readonly retryAfterMs: number | undefined;
}

const text = z.string().nullish().catch(undefined);
const detailSchema = z.object({ reason: text, retryDelay: text }).catch({});
const errorSchema = z
  .object({
    code: z.union([z.string(), z.number()]).nullish().catch(undefined),
    type: text,
    status: text,
    message: text,
    param: text,
    details: z.array(detailSchema).nullish().catch(undefined),
    innererror: z.object({ code: text }).nullish().catch(undefined),
  })
  .catch({});

/**
 * An object under `error` (OpenAI and those that follow it, Anthropic, Azure, Google, DeepSeek), a sentence there (TGI,
 * Ollama), or the fields at the top (Bedrock, Mistral, Replicate).
 */
const bodySchema = z
  .object({
    error: z.union([z.string(), errorSchema]).optional(),
    type: text,
    code: z.union([z.string(), z.number()]).nullish().catch(undefined),
    message: text,
    Message: text,
    detail: z.unknown().optional(),
    title: text,
    error_type: text,
  })
  .catch({});

/** What an error body says; `body` is its text, JSON or not. */
export function errorBodyOf(body: string): ErrorBody {
  return errorOf(jsonOf(body));
}

/** The same for a body that is parsed already, such as an event of a stream. */
export function errorOf(value: unknown): ErrorBody {
  // Google wraps the errors of its streams into a list.
  const parsed = bodySchema.parse(Array.isArray(value) ? value[0] : value);
  const sentence = typeof parsed.error === 'string' ? parsed.error : '';
  const error = typeof parsed.error === 'object' && parsed.error !== null ? parsed.error : {};
  const details = error.details ?? [];
  const outer = parsed.type === 'error' ? undefined : parsed.type;
  const codes = [
    ...details.map(({ reason }) => reason),
    error.innererror?.code,
    error.code,
    error.type,
    error.status,
    parsed.error_type,
    parsed.code,
    outer,
  ];
  const detail = typeof parsed.detail === 'string' ? parsed.detail : '';
  const words = [...codes, error.message, error.param, parsed.message, parsed.Message, parsed.title, detail, sentence];
  const delay = details.map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/u.exec(retryDelay ?? '')?.[1]).find(Boolean);
  return {
    code: codes.find((code): code is string => isShowable(code)) ?? '',
    words: words
      .filter((word) => word !== undefined && word !== null)
      .join(' ')
      .toLowerCase(),
    retryAfterMs: delay === undefined ? undefined : Number(delay) * 1000,
  };
}

// Every reply passes here, so the schema is not built anew each time.
const reportSchema = z.object({ error: z.unknown().optional(), type: z.unknown().optional() });

/** True for a body that reports an error although its status says that all is well. */
export function reportsError(value: unknown): boolean {
  const body = reportSchema.safeParse(Array.isArray(value) ? value[0] : value).data;
  return body !== undefined && ((body.error ?? null) !== null || body.type === 'error');
}

/** Codes are words of the vendor's own; anything longer or with digits could be a key or the row's text. */
function isShowable(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Za-z][A-Za-z_.-]{1,59}$/u.test(code);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
