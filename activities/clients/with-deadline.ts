// One answer's longest wait: work that is not done by then is told to stop and counts as a fault that may pass.
import { AskError } from './model-client.ts';

export interface Deadline {
  /** Whose answer is awaited, for the message. */
  readonly name: string;
  readonly timeoutMs: number;
  /** Aborts the work early; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Settles when the work, the deadline or the signal does, also where the work does not listen to its signal. */
export async function withDeadline<Result>(
  { name, timeoutMs, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  return await new Promise<Result>((resolve, reject) => {
    const stop = (reason: unknown): void => {
      clearTimeout(timer);
      reject(reason instanceof Error ? reason : new Error(String(reason)));
      controller.abort(reason);
    };
    const onAbort = (): void => stop(signal.reason);
    const timer = setTimeout(
      () => stop(new AskError('transient', `${name} gave no whole answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      })
      .catch(reject);
  });
}
