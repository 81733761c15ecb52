// The data card of a run: where its rows come from, which were dropped, what is in them. No row text.
import { whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { TrainedRun } from '../report-data.ts';
import { findingsPart } from './findings-part.ts';
import { rowsPart } from './rows-part.ts';
import { sourcesPart } from './sources-part.ts';
import { textsPart } from './texts-part.ts';
import { tokensPart } from './tokens-part.ts';

/** Everything of the manifest that a reader of a verdict should know of the data. */
export async function datasetSection({ dataset, tokens }: TrainedRun): Promise<Html> {
  return html`<section aria-labelledby="dataset">
    <h2 id="dataset">Dataset <code>${dataset.name}@${dataset.version}</code></h2>
    <p class="note">
      ${whole(dataset.read)} rows read, ${whole(dataset.kept)} kept, ${whole(dataset.read - dataset.kept)} dropped.
      Every row that was read is accounted for; the text of training rows is not in this file.
    </p>
    ${sourcesPart(dataset)} ${await rowsPart(dataset)} ${await textsPart(dataset)} ${await tokensPart(tokens)}
    ${findingsPart(dataset)}
  </section>`;
}
