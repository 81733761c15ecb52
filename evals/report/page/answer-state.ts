// The sign and the word for what became of an answer.
import { states } from './rows-data.ts';

export interface StateText {
  readonly sign: string;
  readonly word: string;
  /** Class for the colour, which only repeats what the sign says. */
  readonly tone: 'right' | 'wrong' | 'partly';
}

const texts: Readonly<Record<number, StateText>> = {
  [states.right]: { sign: '✓', word: 'right', tone: 'right' },
  [states.partly]: { sign: '◐', word: 'partly right', tone: 'partly' },
  [states.wrong]: { sign: '✗', word: 'wrong', tone: 'wrong' },
  [states.unreadable]: { sign: '∅', word: 'unreadable', tone: 'wrong' },
  [states.refused]: { sign: '⊘', word: 'refused', tone: 'wrong' },
  [states.missing]: { sign: '⚠', word: 'no answer', tone: 'wrong' },
  [states.unasked]: { sign: '–', word: 'not asked', tone: 'partly' },
};

export function stateText(state: number): StateText {
  return texts[state] ?? { sign: '?', word: 'unknown', tone: 'wrong' };
}
