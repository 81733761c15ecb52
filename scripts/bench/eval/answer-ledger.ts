// Which answers an endpoint sent, and which of them it sent twice although the asker had the first: paid twice.

export interface LedgerCounts {
  /** Answers that were sent whole. */
  readonly answered: number;
  /** Different texts among them. */
  readonly texts: number;
  /** Answers to a text that was answered before, although the first answer had been read. */
  readonly paidTwice: number;
  /**
   * Answers that were on their way when their connection died, and were asked for again: nothing was asked on the
   * connection after them, so that nobody can know whether the asker had read them.
   */
  readonly lostOnTheWay: number;
  /** The longest time between such an answer and the end of its connection, in milliseconds; 0 when there is none. */
  readonly lostAfterMs: number;
}

interface Sent {
  readonly text: string;
  readonly at: number;
  read: boolean;
  closedAfterMs: number;
}

export interface AnswerLedger<Connection> {
  /** A question came: the answer before it on the same connection has been read. */
  asked(connection: Connection): void;
  /** An answer was handed over whole. */
  answered(connection: Connection, text: string, at: number): void;
  closed(connection: Connection, at: number): void;
  counts(): LedgerCounts;
}

/** HTTP without pipelining: on one connection a question is sent only when the answer before it has been read. */
export function answerLedger<Connection extends object>(): AnswerLedger<Connection> {
  const last = new Map<Connection, Sent>();
  const again: Sent[] = [];
  const latest = new Map<string, Sent>();
  let answers = 0;
  return {
    asked(connection) {
      const sent = last.get(connection);
      if (sent !== undefined) {
        sent.read = true;
      }
    },
    answered(connection, text, at) {
      const sent = { text, at, read: false, closedAfterMs: Number.NaN };
      const before = latest.get(text);
      if (before !== undefined) {
        again.push(before);
      }
      answers += 1;
      latest.set(text, sent);
      last.set(connection, sent);
    },
    closed(connection, at) {
      const sent = last.get(connection);
      if (sent !== undefined) {
        sent.closedAfterMs = at - sent.at;
      }
      last.delete(connection);
    },
    counts() {
      const lost = again.filter(({ read, closedAfterMs }) => !read && !Number.isNaN(closedAfterMs));
      return {
        answered: answers,
        texts: latest.size,
        paidTwice: again.length - lost.length,
        lostOnTheWay: lost.length,
        lostAfterMs: Math.max(0, ...lost.map(({ closedAfterMs }) => closedAfterMs)),
      };
    },
  };
}
