// What a provider's API looks like on the wire, as its vendor documents it: the stubs of the contract tests speak it.
import type { z } from 'zod';
import type { fieldsSchema } from '../../domain/recipe-baseline.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { LocalAnswer, WholeReply } from './local-endpoint.ts';

/** The answer that every stub gives: 12 prompt tokens, 4 of them cached, 3 completion tokens. */
export const wireText = 'Diseases of the eye';
export const wireUsage = { prompt: 12, cached: 4, completion: 3 };
export const wireTool = { name: 'assign', arguments: '{"chapter":"VII"}' };

/** Kinds of errors that vendors document. */
export type WireError =
  'wrong key' | 'unknown model' | 'rate limit' | 'no quota' | 'overload' | 'too long' | 'bad request';

export interface Wire {
  readonly baseline: Omit<z.input<typeof fieldsSchema>, 'stream'>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Path of the API under its host. */
  readonly basePath: string;
  readonly path: string;
  readonly streamPath: string;
  /** Headers that carry the key. */
  readonly auth: (headers: IncomingHttpHeaders) => unknown;
  readonly expectedAuth: unknown;
  /** Part of the body of the contract's question. */
  readonly question: object;
  readonly answer: WholeReply;
  /** Finish reason of the answer. */
  readonly finish: string;
  /** Undefined where the provider has no tools; the reply then calls `wireTool`. */
  readonly toolCall?: WholeReply;
  readonly refusal?: WholeReply;
  /** A reply whose status says that the prompt was refused. */
  readonly filtered?: WholeReply;
  readonly error: (kind: WireError) => WholeReply;
  /** An error with status 200. */
  readonly hiddenError: WholeReply;
  /** Whether the provider counts cached tokens and tells of usage at all. */
  readonly usage: { readonly prompt: number; readonly cached: number; readonly completion: number };
  /** Events of a streamed answer; undefined where streaming is not offered. */
  readonly stream?: {
    readonly headers: Record<string, string>;
    readonly events: readonly (string | Uint8Array)[];
    readonly error: string | Uint8Array;
  };
}

export const sse = (events: readonly object[]): string[] => events.map((event) => `data: ${JSON.stringify(event)}\n\n`);

export const streamOf = (wire: Wire, end: 'whole' | 'cut' | 'never', take?: number, waitMs?: number): LocalAnswer => ({
  headers: wire.stream?.headers ?? {},
  parts: wire.stream?.events.slice(0, take) ?? [],
  end,
  ...(waitMs === undefined ? {} : { waitMs }),
});
