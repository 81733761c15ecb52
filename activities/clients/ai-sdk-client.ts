// Any language model of the AI SDK's provider packages as a ModelClient.
import { AISDKError, type LanguageModelV4 } from '@ai-sdk/provider';
import { answerOfResult } from './ai-sdk-answer.ts';
import { callOf, type CallStyle } from './ai-sdk-call.ts';
import { collectStream } from './ai-sdk-stream.ts';
import { ContentRefused, type EndpointName } from './http-fault.ts';
import { AskError, refusedAnswer, type Answer, type ModelClient, type Question } from './model-client.ts';
import { withDeadline } from './with-deadline.ts';

export interface AiSdkEndpoint extends EndpointName {
  /** Built on a bound fetch: whole replies, or streams when `stream` says so. */
  readonly model: LanguageModelV4;
  readonly stream: boolean;
  readonly timeoutMs: number;
  readonly style: CallStyle;
}

/** The models' own doGenerate and doStream send one request each and never retry. */
export function aiSdkClient(endpoint: AiSdkEndpoint): ModelClient {
  const { name, model, stream, timeoutMs, style } = endpoint;

  async function answer(question: Question, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    const call = callOf(question, signal, style);
    return stream
      ? await collectStream(name, await model.doStream(call), started)
      : answerOfResult(name, await model.doGenerate(call));
  }
  return {
    async ask(question) {
      try {
        return await withDeadline({ name, timeoutMs, signal: question.signal }, (signal) => answer(question, signal));
      } catch (error) {
        question.signal.throwIfAborted();
        if (error instanceof ContentRefused) {
          return refusedAnswer;
        }
        throw askErrorOf(endpoint, error);
      }
    },
  };
}

/** The packages' errors quote request and reply, which hold the row: only their names may go on. */
export function askErrorOf({ name, keys }: EndpointName, error: unknown): AskError {
  const ours = askErrorIn(error);
  if (ours !== undefined) {
    return ours;
  }
  const what = error instanceof Error ? error.name.replace('AI_', '') : 'unknown error';
  if (AISDKError.isInstance(error) && /Unsupported|InvalidArgument|InvalidPrompt|Load/u.test(error.name)) {
    return new AskError('endpoint', `${name} cannot be asked this way (${what})`);
  }
  if (isRefusedCredential(error)) {
    return new AskError('endpoint', `${name} gave no access token: check ${keys ?? 'its credentials'}`);
  }
  return new AskError('transient', `${name} answered with something that cannot be read (${what})`);
}

/** Google's library for application default credentials asks by itself, and has no error class to tell its faults by. */
function isRefusedCredential(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  const words = error instanceof Error ? error.message : '';
  return (status >= 400 && status < 500) || /credential|invalid_grant|access token|service account/iu.test(words);
}

/** The packages wrap what breaks while they read a stream. */
function askErrorIn(error: unknown): AskError | undefined {
  let inner = error;
  for (let depth = 0; depth < 5 && inner instanceof Error; depth += 1) {
    if (inner instanceof AskError) {
      return inner;
    }
    inner = inner.cause;
  }
  return undefined;
}
