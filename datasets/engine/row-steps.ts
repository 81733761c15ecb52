// The steps that need one row at a time, in their order: validation, quality, language, overlap, personal data, sampling.
import { transcript } from '../../domain/conversation.ts';
import type { DropRule } from '../../domain/dataset.ts';
import type { CurateRecipe } from '../../domain/recipe-dataset.ts';
import { comparable } from '../comparable-text.ts';
import { createContaminationCheck, type Contamination } from '../decontaminate/contamination-check.ts';
import type { ReferenceIndex } from '../decontaminate/build-references.ts';
import type { MappedRow } from '../map-row.ts';
import { createPiiStep, type AnalyzerFindings } from '../pii/step.ts';
import { createLanguageCheck } from '../quality/language-check.ts';
import { createQualityRules } from '../quality/quality-rules.ts';
import { validateRow, type RowLimits } from '../validate-row.ts';
import { hash32, rowId } from './row-line.ts';

export interface RowStepSettings {
  readonly curate: CurateRecipe;
  /** The label set, when there is one. */
  readonly labels?: readonly string[];
  /** Secret of pseudonyms. */
  readonly piiKey?: string;
  /** Texts of evaluations. */
  readonly references?: ReferenceIndex;
  /** True when the training method needs a worse answer beside every answer. */
  readonly rejectedNeeded?: boolean;
}

export interface Drop {
  readonly rule: DropRule;
  readonly detail?: string;
}

/** A row that goes on. */
export interface Passed {
  readonly row: MappedRow;
  readonly id: string;
  /** Overlap with an evaluation that does not drop the row: reported only, or waived. */
  readonly overlap?: Contamination & { readonly fate: 'reported' | 'waived' };
}

export interface Dropped extends Drop {
  /** Overlap for which the row was dropped, with the id that a waiver would name. */
  readonly overlap?: Contamination & { readonly id: string };
}

export type PiiCounts = ReadonlyMap<string, number>;

export interface RowSteps {
  /** The row with its texts normalised, or why it is dropped. An answer must be there, unless the row is not `answered`. */
  readonly validated: (row: MappedRow | Drop, answered?: boolean) => MappedRow | Drop;
  /** Everything else. `onPii` is told the findings of the row. */
  readonly passed: (
    row: MappedRow,
    options: { weight: number; analyzed?: AnalyzerFindings | undefined; onPii: (counts: PiiCounts) => void },
  ) => Passed | Dropped;
}

/** Loads what the recipe's steps need. Throws BadInput for settings that a step cannot use. */
export async function createRowSteps(settings: RowStepSettings): Promise<RowSteps> {
  const { curate, labels, references, rejectedNeeded } = settings;
  const { quality, language, decontaminate, pii, split } = curate;
  const limits: RowLimits = {
    maxInputChars: curate.max_input_chars,
    groupNeeded: split.by === 'group',
    timeNeeded: split.by === 'time',
    unicode: curate.unicode,
    ...(rejectedNeeded === undefined ? {} : { rejectedNeeded }),
    ...(labels === undefined ? {} : { labels: new Set(labels) }),
  };
  const unanswered: RowLimits = { ...limits, answerNeeded: false };
  const qualityProblem = createQualityRules(quality);
  const languageProblem = language === undefined ? undefined : await createLanguageCheck(language);
  const overlapOf = references === undefined ? undefined : createContaminationCheck(references);
  const redacted = pii === false ? undefined : createPiiStep(pii, settings.piiKey);
  const waived = new Set(decontaminate?.waive);

  return {
    validated: (row, answered = true) => ('rule' in row ? row : validateRow(row, answered ? limits : unanswered)),
    passed(valid, { weight, analyzed, onPii }) {
      const problem = qualityProblem(valid) ?? languageProblem?.(valid.input);
      if (problem !== undefined) {
        return problem;
      }
      // Before anything is redacted: the evaluation's texts are not.
      const overlap = overlapOf?.(valid.input);
      const kept = redacted?.(valid, analyzed);
      if (kept?.counts !== undefined) {
        onPii(kept.counts);
      }
      if (kept !== undefined && 'rule' in kept) {
        return { rule: kept.rule, detail: kept.detail };
      }
      const row = kept === undefined || kept.row === valid ? valid : withOwnText(kept.row);
      const id = rowId(row);
      if (overlap !== undefined && decontaminate?.action !== 'report' && !waived.has(id)) {
        return { rule: 'contaminated', detail: `${overlap.how} of ${overlap.reference}`, overlap: { ...overlap, id } };
      }
      if (weight < 1 && hash32(`${split.seed}\nweight\n${comparable(row.input)}`) >= weight * 2 ** 32) {
        return { rule: 'sampled_out' };
      }
      return {
        row,
        id,
        ...(overlap === undefined
          ? {}
          : { overlap: { ...overlap, fate: waived.has(id) ? ('waived' as const) : ('reported' as const) } }),
      };
    },
  };
}

/** The input of a conversation is the text of its turns, also when those were changed. */
function withOwnText(row: MappedRow): MappedRow {
  return row.messages === undefined ? row : { ...row, input: transcript(row.messages) };
}
