// Made-up tickets of three queues, some with a wrong label, for tests of label errors.
import { createHash } from 'node:crypto';
import type { LabelledRow } from './sample-rows.ts';

const topics: Readonly<Record<string, readonly string[]>> = {
  card: ['card', 'chip', 'pin', 'plastic', 'contactless', 'swallowed', 'expired', 'reader'],
  transfer: ['transfer', 'iban', 'recipient', 'pending', 'sepa', 'beneficiary', 'wire', 'sent'],
  login: ['password', 'login', 'code', 'locked', 'reset', 'authenticator', 'username', 'session'],
};
const fillers = ['please', 'my', 'the', 'since', 'yesterday', 'why', 'help', 'what', 'now', 'again', 'is', 'not'];

export interface Ticket extends LabelledRow {
  /** True if the label was exchanged. */
  readonly wrong: boolean;
}

/** A number below `bound` that depends on the seed and a name alone. */
function draw(name: string, bound: number): number {
  return createHash('sha256').update(name).digest().readUInt32LE() % bound;
}

/** Tickets of five filler words and three of their topic; of each 20 labels about one is exchanged. */
export function syntheticTickets(count: number, seed: number): Ticket[] {
  const labels = Object.keys(topics);
  return Array.from({ length: count }, (_, row) => {
    const name = `${seed} ${row}`;
    const label = draw(`${name} label`, labels.length);
    const words = [0, 1, 2].map((word) => {
      const own = topics[labels[label] ?? ''] ?? [];
      return own[draw(`${name} word ${word}`, own.length)] ?? '';
    });
    const filler = [0, 1, 2, 3, 4].map((word) => fillers[draw(`${name} filler ${word}`, fillers.length)] ?? '');
    const wrong = draw(`${name} wrong`, 20) === 0;
    const given = wrong ? (label + 1 + draw(`${name} other`, labels.length - 1)) % labels.length : label;
    const input = [filler[0], words[0], filler[1], filler[2], words[1], filler[3], words[2], filler[4]].join(' ');
    return {
      id: `row-${row}`,
      input,
      output: labels[given] ?? '',
      wrong,
      origin: { file: 'tickets.csv', line: row + 2 },
    };
  });
}
