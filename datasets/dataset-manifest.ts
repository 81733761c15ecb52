// The manifest of a curation whose files have been stored.
import { hashOf } from '../domain/canonical.ts';
import {
  datasetManifestSchema,
  type DatasetManifest,
  type LabelErrorList,
  type Lengths,
  type SplitSummary,
} from '../domain/dataset.ts';
import type { BlobRef } from '../domain/refs.ts';
import { balanceReport } from './balance/balance-report.ts';
import { shapingSettings, type Curation } from './curate.ts';
import type { LengthCounts } from './engine/length-counts.ts';
import { splitNames } from '../domain/split-names.ts';
import type { SplitFacts } from './engine/write-split.ts';
import type { LabelErrorsFound } from './label-error-step.ts';

/** Files of a dataset version by what they hold. */
export interface StoredFiles {
  readonly train: BlobRef;
  readonly validation: BlobRef;
  readonly test: BlobRef;
  readonly dropped: BlobRef;
  readonly clusters?: BlobRef | undefined;
  readonly overlaps?: BlobRef | undefined;
  readonly labelErrors?: BlobRef | undefined;
}

// Outputs are shown as labels only while they look like labels; else they would be row text.
const maxLabels = 200;
const maxLabelChars = 120;

/** Its version is a hash of the splits' digests and the settings that shape the rows. */
export function datasetManifest(curation: Curation, files: StoredFiles): DatasetManifest {
  const { name, dataset, read, kept, dropped, splits } = curation;
  const settings = shapingSettings(dataset);
  const digests = { train: files.train.sha256, validation: files.validation.sha256, test: files.test.sha256 };
  const labels = labelsOf(curation);
  const shown = labels.length <= maxLabels && labels.every((label) => label.length <= maxLabelChars);
  const { clusters, overlaps, labelErrors } = files;
  return datasetManifestSchema.parse({
    name,
    version: hashOf({ ...digests, settings }).slice(0, 16),
    sources: curation.files.map(({ path, source, revision, sha256, bytes, rows, facts }) => ({
      path,
      revision,
      sha256,
      bytes,
      rows,
      format: facts?.format,
      compression: facts?.compression,
      encoding: facts?.encoding,
      licence: dataset.sources[source]?.licence,
      teacher: dataset.sources[source]?.distill?.teacher.model ?? dataset.sources[source]?.teacher,
      terms: dataset.sources[source]?.distill?.terms,
    })),
    settings,
    read,
    kept,
    dropped,
    labels,
    splits: {
      train: summary(splits.train, files.train, shown),
      validation: summary(splits.validation, files.validation, shown),
      test: summary(splits.test, files.test, shown),
    },
    droppedRows: files.dropped,
    findings: {
      conflictingInputs: curation.conflictingInputs,
      near:
        curation.near === undefined || curation.clusters === undefined
          ? undefined
          : { ...curation.clusters, ...curation.near },
      pii: Object.fromEntries([...curation.pii].toSorted(([left], [right]) => (left < right ? -1 : 1))),
      overlaps: curation.overlaps,
      distilled: curation.distilled,
      labelErrors: curation.labelErrors?.count,
      labelErrorList: curation.labelErrors === undefined ? undefined : errorList(curation.labelErrors, shown),
    },
    lists: { clusters, overlaps, labelErrors },
  });
}

/** The beginning of the list; labels that are too long to be labels are row text and stay out. */
function errorList({ looked, notJudged, first }: LabelErrorsFound, shown: boolean): LabelErrorList {
  return {
    looked,
    notJudged,
    first: first.map(({ id, origin, given, suggested, confidenceGiven, confidenceSuggested }) => ({
      id,
      origin,
      ...(shown ? { given, suggested } : {}),
      confidenceGiven: rounded(confidenceGiven),
      confidenceSuggested: rounded(confidenceSuggested),
    })),
  };
}

function rounded(share: number): number {
  return Number(share.toFixed(4));
}

/** Distinct outputs over all splits, sorted by code units; none where one split has too many to be labels. */
function labelsOf({ splits }: Curation): string[] {
  const all = new Set<string>();
  for (const name of splitNames) {
    const { outputs } = splits[name];
    if (outputs === undefined) {
      return [];
    }
    for (const output of outputs.keys()) {
      all.add(output);
    }
  }
  return [...all].toSorted();
}

function summary(facts: SplitFacts, file: BlobRef, shown: boolean): SplitSummary {
  const { rows, repeated, groups, inputLengths, outputLengths, outputs } = facts;
  const input = lengthsOf(inputLengths);
  const output = lengthsOf(outputLengths);
  const balance = shown && outputs !== undefined ? balanceReport(outputs) : undefined;
  return {
    rows,
    ...(repeated === 0 ? {} : { repeated }),
    groups,
    file,
    ...(input === undefined || output === undefined ? {} : { lengths: { input, output } }),
    ...(shown && outputs !== undefined
      ? {
          outputs: [...outputs]
            .map(([label, count]) => ({ output: label, rows: count }))
            .toSorted((left, right) => (left.output < right.output ? -1 : 1)),
        }
      : {}),
    ...(balance === undefined
      ? {}
      : { balance: { imbalance: rounded(balance.imbalance), evenness: rounded(balance.evenness) } }),
  };
}

function lengthsOf(counts: LengthCounts): Lengths | undefined {
  const [shortest, median, p95, longest] = [0, 0.5, 0.95, 1].map((part) => counts.quantile(part));
  return shortest === undefined || median === undefined || p95 === undefined || longest === undefined
    ? undefined
    : { shortest, median, p95, longest, classes: counts.classes() };
}
