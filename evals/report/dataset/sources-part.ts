// Where the rows come from: files with licence and digest, and what teachers answered.
import type { DatasetManifest, DistilledSource } from '../../../domain/dataset.ts';
import { dollars, whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { table, type Cell } from '../table.ts';

/** Files that are listed one by one. */
const mostSources = 40;

export function sourcesPart({ sources, findings }: DatasetManifest): Html {
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
    ${left === 0 ? null : html`<p class="note">And ${whole(left)} further files, which the manifest lists.</p>`}
    ${distilledTable(findings?.distilled ?? [])}`;
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

/** What teachers answered; nothing where none was asked. */
function distilledTable(found: readonly DistilledSource[]): Html | null {
  return found.length === 0
    ? null
    : table(
        'Answers that teachers were asked for',
        [
          { title: 'Answers asked for' },
          { title: 'Teacher' },
          ...['Inputs', 'Answered', 'Not kept', 'Failed', 'Not asked', 'Tokens in/out', 'USD'].map((title) => ({
            title,
            numeric: true,
          })),
        ],
        found.map((one) => [
          one.source,
          `${one.model} (${one.provider})`,
          whole(one.inputs),
          whole(one.answered),
          whole(one.refused),
          whole(one.failed),
          whole(one.unasked),
          `${whole(one.promptTokens)}/${whole(one.completionTokens)}`,
          dollars(one.usd),
        ]),
      );
}
