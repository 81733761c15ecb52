// Replicate: a prediction is made, awaited and, when nobody wants it any more, cancelled.
import Replicate, { type Prediction } from 'replicate';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { boundFetch, type BoundFetch } from './bound-fetch.ts';
import { ContentRefused } from './http-fault.ts';
import { AskError, bareAnswer, refusedAnswer, type Answer, type ModelClient, type Question } from './model-client.ts';
import { withDeadline } from './with-deadline.ts';

export interface ReplicateEndpoint extends BoundFetch {
  readonly baseUrl: string;
  /** `owner/name`, or `owner/name:version`. */
  readonly model: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
}

/** Longest time that one request waits for its prediction: `Prefer: wait` takes 1 to 60 seconds. */
const longestWaitS = 60;
const pollMs = 500;

const outputSchema = z.union([z.string(), z.array(z.string()).transform((parts) => parts.join(''))]);
const metricsSchema = z
  .object({ input_token_count: z.int().nonnegative(), output_token_count: z.int().nonnegative() })
  .partial()
  .catch({});

export function replicateClient(endpoint: ReplicateEndpoint): ModelClient {
  const { name, model, timeoutMs } = endpoint;

  async function answer(question: Question, signal: AbortSignal): Promise<Answer> {
    const replicate = replicateOn(endpoint, failingOnce(boundFetch(endpoint, 'json')));
    let prediction: Prediction | undefined;
    try {
      const wait = Math.min(longestWaitS, Math.ceil(timeoutMs / 1000));
      prediction = await replicate.predictions.create({
        ...versionOf(model),
        input: inputOf(name, question),
        wait,
        signal,
      });
      while (prediction.status === 'starting' || prediction.status === 'processing') {
        await sleep(pollMs, undefined, { signal });
        prediction = await replicate.predictions.get(prediction.id, { signal });
      }
      return answerOf(name, prediction);
    } catch (error) {
      if (prediction !== undefined && signal.aborted) {
        // It would go on and be charged. That it could not be cancelled changes nothing here.
        await replicateOn(endpoint, boundFetch(endpoint, 'json'))
          .predictions.cancel(prediction.id)
          .catch(() => undefined);
      }
      throw error;
    }
  }

  return {
    async ask(question) {
      try {
        return await withDeadline({ name, timeoutMs, signal: question.signal }, (signal) => answer(question, signal));
      } catch (error) {
        if (error instanceof ContentRefused) {
          return refusedAnswer;
        }
        throw error;
      }
    },
  };
}

function replicateOn({ apiKey, baseUrl }: ReplicateEndpoint, fetch: typeof globalThis.fetch): Replicate {
  return new Replicate({ auth: apiKey, baseUrl, fetch, useFileOutput: false });
}

/** The package sends a request up to six times when its fetch throws, and each could be charged. */
function failingOnce(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  let failure: { readonly error: unknown } | undefined;
  return async (input, init) => {
    if (failure !== undefined) {
      throw failure.error;
    }
    try {
      return await fetch(input, init);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
}

function versionOf(model: string): { model: string } | { version: string } {
  const [name = '', version] = model.split(':');
  return version === undefined ? { model: name } : { version };
}

/** The names that Replicate's language models share. */
function inputOf(
  name: string,
  { messages, maxTokens, temperature = 0, seed, tools, responseSchema }: Question,
): object {
  const system = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : []));
  const [prompt, ...more] = messages.filter(({ role }) => role !== 'system');
  if (prompt === undefined || more.length > 0 || tools !== undefined || responseSchema !== undefined) {
    throw new AskError('endpoint', `${name} takes one prompt, without examples, tools or a schema of the answer`);
  }
  return {
    prompt: prompt.content,
    max_tokens: maxTokens,
    temperature,
    ...(system.length === 0 ? {} : { system_prompt: system.join('\n\n') }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function answerOf(name: string, { status, output, metrics }: Prediction): Answer {
  if (status !== 'succeeded') {
    throw new AskError('transient', `${name} ended the prediction as ${status}`);
  }
  const text = outputSchema.safeParse(output);
  if (!text.success) {
    throw new AskError(
      'endpoint',
      `${name} answered with something that is no text: check that it is a language model`,
    );
  }
  const tokens = metricsSchema.parse(metrics);
  return {
    ...bareAnswer,
    text: text.data,
    promptTokens: tokens.input_token_count ?? 0,
    completionTokens: tokens.output_token_count ?? 0,
    finish: status,
  };
}
