// Preferences of people: read from a CSV or JSONL file, and matched with the answers that judges saw.
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import type { Winner } from '../../domain/judgement.ts';

const labelSchema = z
  .strictObject({
    row: z.string().min(1),
    arm_a: z.string().min(1).optional(),
    arm_b: z.string().min(1).optional(),
    answer_a: z.string().optional(),
    answer_b: z.string().optional(),
    preference: z.enum(['a', 'b', 'tie']),
    annotator: z.string().optional(),
  })
  .superRefine(({ arm_a, arm_b, answer_a, answer_b }, context) => {
    const arms = arm_a !== undefined && arm_b !== undefined;
    const answers = answer_a !== undefined && answer_b !== undefined;
    if (!arms && !answers) {
      context.addIssue({ code: 'custom', message: 'needs answer_a and answer_b, or arm_a and arm_b' });
    }
  });
export type HumanLabel = z.infer<typeof labelSchema>;

/**
 * Labels of a file, each with its line's place in the file checked. Throws BadInput naming file and record, but no
 * value, for anything that is no label.
 *
 * @param name name of the file: `.jsonl` is read as JSON Lines, everything else as CSV with a header
 */
export function readHumanLabels(text: string, name: string): HumanLabel[] {
  const records = name.endsWith('.jsonl') ? jsonRecords(text, name) : csvRecords(text, name);
  if (records.length === 0) {
    throw new BadInput('there are no labels in the file', { where: name });
  }
  return records.map((record, index) => {
    const parsed = labelSchema.safeParse(record);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = issue?.path.join('.') ?? '';
      throw new BadInput(`label ${index + 1}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'no label'}`, {
        where: name,
        hint: 'fields are row, answer_a, answer_b (or arm_a, arm_b) and preference: a, b or tie',
      });
    }
    return parsed.data;
  });
}

function jsonRecords(text: string, name: string): unknown[] {
  return text
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .flatMap((line, index) => {
      if (line.trim() === '') {
        return [];
      }
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        throw new BadInput('the line is not JSON', { where: `${name}:${index + 1}` });
      }
    });
}

function csvRecords(text: string, name: string): unknown[] {
  try {
    const records: Record<string, string>[] = parse(text, { bom: true, columns: true, skip_empty_lines: true });
    // An empty cell of a CSV file says nothing, but an empty answer is an answer.
    return records.map((record) =>
      Object.fromEntries(Object.entries(record).filter(([key, value]) => value !== '' || key.startsWith('answer_'))),
    );
  } catch {
    // The parser's own message quotes values.
    throw new BadInput('the file is no valid CSV with a header', { where: name });
  }
}

/** The two answers of a row, by arm. */
export interface LabelledPair {
  readonly candidate: string | null;
  readonly other: string | null;
}

/**
 * What people said of each row, by row id: the majority of its labels, a tie without one. A label with answers counts
 * when they are exactly the answers of this pair, whichever stood first; a label with arms alone when they are these arms.
 */
export function humanWinners(
  labels: readonly HumanLabel[],
  arms: { readonly candidate: string; readonly other: string },
  pairs: ReadonlyMap<string, LabelledPair>,
): Map<string, Winner> {
  const said = new Map<string, Winner[]>();
  for (const label of labels) {
    const pair = pairs.get(label.row);
    const winner = pair === undefined ? null : winnerOfLabel(label, arms, pair);
    if (winner !== null) {
      said.set(label.row, [...(said.get(label.row) ?? []), winner]);
    }
  }
  return new Map([...said].map(([row, winners]) => [row, majority(winners)]));
}

function winnerOfLabel(label: HumanLabel, arms: LabelledPair, pair: LabelledPair): Winner | null {
  const [a, b, own] =
    label.answer_a === undefined
      ? [label.arm_a, label.arm_b, arms]
      : [
          label.answer_a.trim(),
          label.answer_b?.trim(),
          { candidate: pair.candidate?.trim(), other: pair.other?.trim() },
        ];
  const straight = a === own.candidate && b === own.other;
  const swapped = a === own.other && b === own.candidate;
  if (!straight && !swapped) {
    return null;
  }
  if (label.preference === 'tie') {
    return 'tie';
  }
  return (label.preference === 'a') === straight ? 'candidate' : 'other';
}

function majority(winners: readonly Winner[]): Winner {
  const most = (['candidate', 'other'] as const).find(
    (one) => winners.filter((winner) => winner === one).length * 2 > winners.length,
  );
  return most ?? 'tie';
}
