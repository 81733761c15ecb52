// How far an evaluation is: one line that is redrawn on a terminal, one line for each tenth elsewhere.
import type { EvaluationInput } from '../domain/evaluation.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { Terminal } from './terminal.ts';

export interface EvaluationView {
  onAnswered(arm: Arm): void;
  /** Rows of the candidate and another arm that judges have read. */
  onJudged(otherId: string, judged: number): void;
  end(): void;
}

export function evaluationView(terminal: Terminal, { arms, rows, key }: EvaluationInput): EvaluationView {
  const answered = new Map(arms.map(({ id }) => [id, 0]));
  const tenth = Math.ceil(rows / 10);
  terminal.say(`evaluation ${key}: ${rows} rows, ${arms.map(({ label }) => label).join(' against ')}`);
  return {
    onAnswered({ id, label }) {
      const now = (answered.get(id) ?? 0) + 1;
      answered.set(id, now);
      if (now % tenth === 0 || now === rows) {
        terminal.say(terminal.colors.dim(`${label}: ${now} of ${rows} rows`));
      }
    },
    onJudged(otherId, judged) {
      const other = arms.find(({ id }) => id === otherId)?.label ?? otherId;
      terminal.say(terminal.colors.dim(`judges on ${other}: ${judged} of ${rows} rows`));
    },
    end() {
      answered.clear();
    },
  };
}
