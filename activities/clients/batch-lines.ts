// The lines of a batch: exactly the requests that would be sent one by one, and replies read as they would be.
import { setImmediate } from 'node:timers/promises';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { aiSdkClient } from './ai-sdk-client.ts';
import { callOf } from './ai-sdk-call.ts';
import { aiSdkModel, styleOf } from './ai-sdk-models.ts';
import type { BatchItem } from './batch-client.ts';
import { ContentRefused, faultOf } from './http-fault.ts';
import { AskError, refusedAnswer, type Answer } from './model-client.ts';
import { endpointNameOf, type ProviderAccess } from './provider-access.ts';
import { replyJson } from './reply-json.ts';

export type BatchProvider = 'openai' | 'anthropic';

export interface BatchLine {
  readonly body: Readonly<Record<string, unknown>>;
  /** Anthropic's features that are switched on by a header. */
  readonly betas: readonly string[];
}

/** Thrown by the fetch that a model is given, in place of sending. */
class Written extends Error {
  override readonly name = 'Written';
  readonly line: BatchLine;

  constructor(line: BatchLine) {
    super('a request was written and not sent');
    this.line = line;
  }
}

/** Writing many lines keeps a process busy for seconds; every now and then, timers such as those of heartbeats go first. */
export async function breathe(index: number): Promise<void> {
  if (index % 200 === 199) {
    await setImmediate();
  }
}

/** The request that asks a question. */
export async function lineOf(
  provider: BatchProvider,
  access: ProviderAccess,
  question: BatchItem['question'],
): Promise<BatchLine> {
  const model = await aiSdkModel(provider, access, (_input, init) => {
    const betas = new Headers(init?.headers).get('anthropic-beta')?.split(',') ?? [];
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    return Promise.reject(new Written({ body: { ...Object(body) }, betas: betas.map((beta) => beta.trim()) }));
  });
  const call = callOf(question, undefined, styleOf(provider, access));
  return await written(model, call);
}

async function written(model: LanguageModelV4, call: Parameters<LanguageModelV4['doGenerate']>[0]): Promise<BatchLine> {
  try {
    await model.doGenerate(call);
  } catch (error) {
    if (error instanceof Written) {
      return error.line;
    }
    throw error;
  }
  throw new Error('the model answered although nothing was sent');
}

/** What a reply means: an answer, or the fault that a client would throw. */
export async function outcomeOf(
  provider: BatchProvider,
  access: ProviderAccess,
  reply: { readonly status: number; readonly body: unknown },
): Promise<Answer | AskError> {
  const endpoint = endpointNameOf(access);
  const body = JSON.stringify(reply.body ?? null);
  try {
    if (reply.status !== 200) {
      throw faultOf({ status: reply.status, headers: {}, body }, endpoint);
    }
    replyJson(endpoint.name, body);
    const model = await aiSdkModel(provider, access, () =>
      Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } })),
    );
    const client = aiSdkClient({
      ...endpoint,
      model,
      stream: false,
      timeoutMs: access.timeoutMs,
      style: styleOf(provider, access),
    });
    return await client.ask({ messages: [], maxTokens: 1, signal: new AbortController().signal });
  } catch (error) {
    if (error instanceof ContentRefused) {
      return refusedAnswer;
    }
    if (error instanceof AskError) {
      return error;
    }
    throw error;
  }
}
