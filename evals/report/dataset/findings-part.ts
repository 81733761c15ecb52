// What curation found beside the rows: duplicates, conflicts, personal data, overlap with evaluations, label errors.
import type { DatasetManifest, LabelErrorList, Overlaps } from '../../../domain/dataset.ts';
import { percent, whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { table } from '../table.ts';
import { fact } from '../verdict-section.ts';

/** Likely label errors that are shown. */
const shownErrors = 10;

/** Nothing for datasets of versions that recorded no findings. */
export function findingsPart({ findings, lists }: DatasetManifest): Html | null {
  if (findings === undefined) {
    return null;
  }
  const { conflictingInputs, near, pii, overlaps, labelErrors, labelErrorList } = findings;
  return html`<h3>Duplicates and conflicts</h3>
    <dl class="facts">
      ${fact('Inputs with different outputs', whole(conflictingInputs))}
      ${
        near === undefined
          ? fact('Near duplicates', 'not looked for')
          : html`${fact('Clusters of near duplicates', whole(near.clusters))}
            ${fact('Rows in clusters', `${whole(near.rows)}, at most ${whole(near.largest)} in one`)}
            ${fact('Clusters with different outputs', whole(near.differentOutputs))}
            ${near.rowsCutShort === 0 ? null : fact('Rows not compared with all others', whole(near.rowsCutShort))}`
      }
    </dl>
    <h3>Personal data and secrets</h3>
    ${piiTable(pii)}
    <h3>Overlap with evaluations</h3>
    ${
      overlaps === undefined
        ? html`<p class="note">Nobody looked: the recipe has no \`decontaminate\`.</p>`
        : overlapTable(overlaps)
    }
    ${labelErrors === undefined ? null : errorsPart(labelErrors, labelErrorList, lists?.labelErrors?.key)}`;
}

function piiTable(pii: NonNullable<DatasetManifest['findings']>['pii']): Html {
  const types = Object.entries(pii).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return types.length === 0
    ? html`<p class="note">None found, or not looked for.</p>`
    : table(
        'Rows with personal data and pieces of it, by type',
        [{ title: 'Type' }, { title: 'Rows', numeric: true }, { title: 'Pieces', numeric: true }],
        types.map(([type, { rows, found }]) => [type.replaceAll('_', ' '), whole(rows), whole(found)]),
        { compact: true },
      );
}

const hows = { exact: 'The whole input', ngram: 'Words in a row', near: 'Similar input' } as const;

function overlapTable(overlaps: Overlaps): Html {
  const rows = (['exact', 'ngram', 'near'] as const).map((how) => {
    const { dropped, reported, waived } = overlaps[how];
    return [hows[how], whole(dropped), whole(reported), whole(waived), whole(dropped + reported + waived)];
  });
  return table(
    'Rows that overlap with evaluations, by how and by what became of them',
    [
      { title: 'Overlap' },
      ...['Dropped', 'Kept and listed', 'Waived', 'Rows'].map((title) => ({ title, numeric: true })),
    ],
    rows,
    { compact: true },
  );
}

function errorsPart(count: number, list: LabelErrorList | undefined, key: string | undefined): Html {
  const looked =
    list === undefined
      ? ''
      : ` of ${whole(list.looked)} looked at${list.notJudged === 0 ? '' : `; ${whole(list.notJudged)} have labels of too few rows to be judged`}`;
  const shown = list?.first.slice(0, shownErrors) ?? [];
  const rows = shown.map(({ id, origin, given, suggested, confidenceGiven, confidenceSuggested }) => [
    html`<code title="${id}">${id.slice(0, 12)}</code>`,
    `${origin.file}, line ${whole(origin.line)}`,
    labelText(given, confidenceGiven),
    labelText(suggested, confidenceSuggested),
  ]);
  return html`<h3>Likely label errors</h3>
    <p class="note">
      ${whole(count)} rows${looked}. None was dropped for it. The list is for people to read from the top, where
      confidence in the given label is least${key === undefined ? '.' : html`: <code>${key}</code>`}
    </p>
    ${
      rows.length === 0
        ? null
        : table(
            'The likely label errors with the least confidence',
            [{ title: 'Row' }, { title: 'Read at' }, { title: 'Label given' }, { title: 'More probable' }],
            rows,
          )
    }`;
}

function labelText(label: string | undefined, confidence: number): Html {
  return html`${label ?? '(text)'} <span class="range">${percent(confidence)}</span>`;
}
