// Those who wait for an endpoint: the lowest rank goes first, and within a rank whoever came first.

interface Waiting<Turn> {
  readonly rank: number;
  readonly signal: AbortSignal;
  readonly start: (turn: Turn) => void;
  readonly refuse: (reason: unknown) => void;
}

export interface TurnQueue<Turn> {
  /** Resolves with the turn that `serve` gives. Rejects with the signal's reason, or with that of `refuseAll`. */
  wait(rank: number, signal: AbortSignal): Promise<Turn>;
  isEmpty(): boolean;
  /** Serves the first in the queue, if there is one. */
  serve(turn: () => Turn): void;
  refuseAll(reason: unknown): void;
}

export function turnQueue<Turn>(): TurnQueue<Turn> {
  const queue: Waiting<Turn>[] = [];
  // One listener for each signal and not one for each row: a signal looks through all that it has at every change.
  const listening = new Map<AbortSignal, { waiting: number; readonly stop: () => void }>();

  function listen(signal: AbortSignal): void {
    const known = listening.get(signal);
    if (known !== undefined) {
      known.waiting += 1;
      return;
    }
    const onAbort = (): void => {
      listening.delete(signal);
      const off = queue.filter((one) => one.signal === signal);
      queue.splice(0, queue.length, ...queue.filter((one) => one.signal !== signal));
      for (const { refuse } of off) {
        refuse(signal.reason);
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    listening.set(signal, { waiting: 1, stop: () => signal.removeEventListener('abort', onAbort) });
  }

  function gone({ signal }: Waiting<Turn>): void {
    const known = listening.get(signal);
    if (known !== undefined) {
      known.waiting -= 1;
      if (known.waiting === 0) {
        known.stop();
        listening.delete(signal);
      }
    }
  }

  return {
    isEmpty: () => queue.length === 0,
    async wait(rank, signal) {
      signal.throwIfAborted();
      return await new Promise<Turn>((start, refuse) => {
        listen(signal);
        const behind = queue.findLastIndex((one) => one.rank <= rank);
        queue.splice(behind + 1, 0, { rank, signal, start, refuse });
      });
    },
    serve(turn) {
      const next = queue.shift();
      if (next !== undefined) {
        gone(next);
        next.start(turn());
      }
    },
    refuseAll(reason) {
      for (const one of queue.splice(0)) {
        gone(one);
        one.refuse(reason);
      }
    },
  };
}
