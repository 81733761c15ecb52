// What the data card says of findings: duplicates, conflicts, personal data, overlap with evaluations, label errors.
import { overlappingRows, type DatasetManifest, type LabelErrorList } from '../../domain/dataset.ts';
import { table } from './markdown-table.ts';

/** Likely label errors that are shown; the list of the version has all. */
const shownErrors = 10;

/** Headings and texts, to be joined by empty lines. */
export function findingParts({
  conflictingInputs,
  near,
  pii,
  overlaps,
  labelErrors,
  labelErrorList,
}: NonNullable<DatasetManifest['findings']>): string[] {
  const types = Object.entries(pii);
  return [
    '## Duplicates and conflicts',
    `${conflictingInputs} inputs stood with different outputs.`,
    near === undefined
      ? 'Near duplicates were not looked for.'
      : `${near.clusters} clusters of near duplicates hold ${near.rows} rows, the largest ${near.largest}; in ${near.differentOutputs} of them outputs differ.${near.rowsCutShort === 0 ? '' : ` ${near.rowsCutShort} rows of very large buckets were not compared with all others there.`}`,
    '## Personal data and secrets',
    types.length === 0
      ? 'None found, or not looked for.'
      : table(
          ['type', 'rows', 'pieces'],
          types.map(([type, { rows, found }]) => [type, rows, found]),
        ),
    '## Overlap with evaluations',
    ...(overlaps === undefined
      ? ['Nobody looked: the recipe has no `decontaminate`.']
      : [
          `${overlappingRows(overlaps)} rows overlap with evaluations.`,
          table(
            ['overlap', 'dropped', 'kept and listed', 'waived'],
            (['exact', 'ngram', 'near'] as const).map((how) => {
              const { dropped, reported, waived } = overlaps[how];
              return [how, dropped, reported, waived];
            }),
          ),
        ]),
    ...(labelErrors === undefined ? [] : errorParts(labelErrors, labelErrorList)),
  ];
}

function errorParts(count: number, list: LabelErrorList | undefined): string[] {
  const looked = list === undefined ? '' : ` of ${list.looked} looked at`;
  const skipped =
    list === undefined || list.notJudged === 0 ? '' : ` ${list.notJudged} have labels of too few rows to be judged.`;
  return [
    '## Likely label errors',
    `${count} rows${looked} have a label that is likely to be wrong; none was dropped for it.${skipped}`,
    ...(list === undefined || list.first.length === 0
      ? []
      : [
          table(
            ['row', 'read at', 'label given', 'confidence', 'more probable', 'confidence'],
            list.first
              .slice(0, shownErrors)
              .map(({ id, origin, given, suggested, confidenceGiven, confidenceSuggested }) => [
                id,
                `${origin.file}:${origin.line}`,
                given ?? '(text)',
                confidenceGiven,
                suggested ?? '(text)',
                confidenceSuggested,
              ]),
          ),
        ]),
  ];
}
