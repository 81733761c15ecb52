// How the candidate came to be: training, stages and lineage.
import { figure } from './figure.ts';
import { bytes, duration, percent, whole } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { lossPlot } from './plots/loss-plot.ts';
import type { ReportData, TrainedRun } from './report-data.ts';
import { table } from './table.ts';
import { fact } from './verdict-section.ts';

/** Loss curve and the facts of the training. */
export async function trainingSection({ training, progress }: TrainedRun): Promise<Html> {
  const { trainer } = training;
  const steps = progress.filter(({ kind }) => kind === 'progress');
  const validation = trainer.validation_loss === null ? 'none' : trainer.validation_loss.toFixed(3);
  const curve = await figure(
    `Training loss over ${steps.length} logged steps, mean ${trainer.train_loss.toFixed(3)}; validation loss ${validation}`,
    'Mean cross-entropy of the answer’s tokens at each logged step.',
    (width) => lossPlot(progress, width),
  );
  return html`<section aria-labelledby="training">
    <h2 id="training">Training</h2>
    ${steps.length > 0 ? curve : html`<p class="note">The trainer logged no steps.</p>`}
    <dl class="facts">
      ${fact('Steps', `${whole(trainer.steps)} (${Number(trainer.epochs.toFixed(2))} epochs)${stopReasons[trainer.stopped]}`)}
      ${fact('Time', duration(trainer.seconds))} ${fact('Tokens per second', whole(trainer.tokens_per_second))}
      ${fact('Tokens', whole(trainer.tokens))} ${fact('Training loss, mean', trainer.train_loss.toFixed(3))}
      ${fact('Validation loss', validation)} ${fact('Device', `${trainer.device}, ${trainer.dtype}`)}
      ${fact('Peak memory', bytes(trainer.peak_memory_bytes))}
      ${fact(
        'Trained parameters',
        `${whole(trainer.trainable_parameters)} (${percent(trainer.trainable_parameters / trainer.total_parameters, 2)})`,
      )}
      ${trainer.best_step === null ? '' : fact('Best step, which is the candidate', whole(trainer.best_step))}
      ${trainer.world_size > 1 ? fact('Devices', whole(trainer.world_size)) : ''}
      ${fact('Trainer starts', `${training.attempts}${resumed(trainer.resumed_from_step)}`)}
    </dl>
    ${training.notices.map((notice) => html`<p class="note">${notice}</p>`)}
  </section>`;
}

/** Wall-clock time of every stage. */
export function stagesSection({ stages }: ReportData): Html {
  const rows = stages.map(({ stage, seconds }) => [stage, duration(seconds)]);
  return html`<section aria-labelledby="stages">
    <h2 id="stages">Stages</h2>
    ${table('Time of each stage', [{ title: 'Stage' }, { title: 'Time', numeric: true }], rows, { compact: true })}
  </section>`;
}

/** Digests of everything the verdict rests on. */
export function lineageSection({ lineage, verdict }: ReportData): Html {
  const rows = lineage.map(({ what, id, sha256 }) => [what, html`<code>${id}</code>`, html`<code>${sha256}</code>`]);
  const inputs = Object.entries(verdict.inputs).map(([what, sha256]) => [what, html`<code>${sha256}</code>`]);
  return html`<section aria-labelledby="lineage">
    <h2 id="lineage">Lineage</h2>
    <p class="note">Every artefact by its SHA-256 digest.</p>
    ${table('Artefacts and their digests', [{ title: 'What' }, { title: 'Name' }, { title: 'SHA-256' }], rows)}
    <h3>Inputs of the verdict</h3>
    ${table('Digests of the scorecards and the suite', [{ title: 'Input' }, { title: 'SHA-256' }], inputs)}
  </section>`;
}

const stopReasons: Record<TrainedRun['training']['trainer']['stopped'], string> = {
  completed: '',
  early_stopping: ', stopped early: the validation loss no longer fell',
  time_limit: ', stopped at the wall of hours or cost',
};

function resumed(step: number | null): string {
  return step === null ? '' : `, resumed from step ${step}`;
}
