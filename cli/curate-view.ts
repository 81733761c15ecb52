// The progress of a curation in the terminal: one line that is redrawn for a person, a line now and then elsewhere.
import { createLogUpdate } from 'log-update';
import type { CurateProgress } from '../datasets/curate.ts';
import type { Terminal } from './terminal.ts';

export interface CurateView {
  show(progress: CurateProgress): void;
  /** Answers of a teacher so far. */
  showAnswers(model: string, answers: number): void;
  /** Takes the line away. */
  close(): void;
}

const redrawMs = 100;
const sayMs = 5000;
const barWidth = 24;

const words = {
  read: 'reading',
  duplicates: 'finding duplicates',
  split: 'splitting',
  write: 'writing',
  labels: 'looking at labels',
} satisfies Record<CurateProgress['step'], string>;

export function createCurateView(terminal: Terminal, now = (): number => performance.now()): CurateView {
  const started = now();
  const draw = terminal.interactive ? createLogUpdate(process.stderr) : undefined;
  let shownAt = -Infinity;
  let step: CurateProgress['step'] | undefined;
  return {
    show(progress) {
      const at = now();
      // A log is told of what takes its time; a small dataset is done before that.
      if (draw === undefined && at - started < sayMs) {
        return;
      }
      if (progress.step === step && at - shownAt < (draw === undefined ? sayMs : redrawMs)) {
        return;
      }
      const isNew = progress.step !== step;
      step = progress.step;
      shownAt = at;
      const text = progressText(progress, (at - started) / 1000);
      if (draw !== undefined) {
        draw(text);
      } else if (!isNew || progress.step !== 'read') {
        terminal.say(text);
      }
    },
    showAnswers(model, answers) {
      const at = now();
      if (at - shownAt >= (draw === undefined ? sayMs : redrawMs)) {
        shownAt = at;
        const text = `asking ${model}, ${answers.toLocaleString('en')} answers, ${((at - started) / 1000).toFixed(0)} s`;
        if (draw === undefined) {
          terminal.say(text);
        } else {
          draw(text);
        }
      }
    },
    close() {
      draw?.clear();
    },
  };
}

/** `reading [####    ] 42 %, 1,234,567 rows, 45,678 rows/s`; the rate is that of the whole time so far, in seconds. */
export function progressText({ step, rows, bytes, totalBytes }: CurateProgress, seconds: number): string {
  const part = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const full = Math.round(part * barWidth);
  const bar = `[${'#'.repeat(full)}${' '.repeat(barWidth - full)}] ${Math.floor(part * 100)} %`;
  const rate = seconds > 0 ? `, ${Math.round(rows / seconds).toLocaleString('en')} rows/s` : '';
  const count = `${rows.toLocaleString('en')} rows`;
  return step === 'read'
    ? `${words[step]} ${bar}, ${count}${rate}`
    : `${words[step]}, ${count}, ${seconds.toFixed(0)} s`;
}
