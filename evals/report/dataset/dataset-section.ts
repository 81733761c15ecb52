// The data card of a run: where its rows come from, which were dropped, what is in them. No row text.
import type { DatasetManifest } from '../../../domain/dataset.ts';
import { whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { TrainedRun } from '../report-data.ts';
import { table, type Cell } from '../table.ts';
import { findingsPart } from './findings-part.ts';
import { rowsPart } from './rows-part.ts';
import { textsPart } from './texts-part.ts';
import { tokensPart } from './tokens-part.ts';

/** Files that are listed one by one. */
const mostSources = 40;

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

function sourcesPart({ sources }: DatasetManifest): Html {
  const told = {
    revision: sources.some(({ revision }) => revision !== undefined),
    teacher: sources.some(({ teacher, terms }) => (teacher ?? terms) !== undefined),
  };
  const columns = [
    { title: 'Source' },
    { title: 'Rows', numeric: true },
    { title: 'Format' },
    { title: 'Licence' },
    ...(told.revision ? [{ title: 'Commit' }] : []),
    ...(told.teacher ? [{ title: 'Teacher and its terms' }] : []),
    { title: 'SHA-256' },
  ];
  const rows = sources.slice(0, mostSources).map((source) => {
    const { path, revision, licence, sha256 } = source;
    const cells: Cell[] = [path, whole(source.rows), formatText(source), licence ?? 'not stated'];
    return cells.concat(
      told.revision ? [revision === undefined ? 'none' : short(revision)] : [],
      told.teacher ? [teacherText(source)] : [],
      short(sha256),
    );
  });
  const left = sources.length - rows.length;
  return html`<h3>Sources</h3>
    ${table('Files of the sources', columns, rows)}
    ${left === 0 ? null : html`<p class="note">And ${whole(left)} further files, which the manifest lists.</p>`}`;
}

type Source = DatasetManifest['sources'][number];

function formatText({ format, compression, encoding }: Source): string {
  const packed = compression === undefined || compression === 'none' ? '' : `, ${compression}`;
  return `${format ?? 'not recorded'}${packed}${encoding === undefined ? '' : `, ${encoding}`}`;
}

function teacherText({ teacher, terms }: Source): string {
  return (teacher ?? terms) === undefined ? 'none' : `${teacher ?? 'not stated'}; terms: ${terms ?? 'not stated'}`;
}

function short(digest: string): Html {
  return html`<code title="${digest}">${digest.slice(0, 12)}</code>`;
}
