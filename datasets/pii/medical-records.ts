// Medical record numbers, which have no common format: a number that its name stands before.
import type { Found } from './finding.ts';
import { isWordAt } from './near-words.ts';

const record =
  /(?:\bMRN|\bmedical record|\bmed\.? rec(?:ord)?\.?|\bpatient (?:record|file|id|identifier|chart)|\bpatient(?= (?:number|no\b))|\bchart(?= (?:number|no\b|#))|\bhospital (?:record|id)|\bhospital(?= (?:number|no\b))|\bPatienten-?(?:nummer|ID)|\bdossier médical)[s.]{0,1}(?:\s{0,2}(?:(?:number|num|no|nr|id|is|was|of|MRN)\b|\(MRN\)|[:#=.º°])){0,4}\s{0,2}[["'(]{0,1}((?:[A-Z]{1,4}[ -]?)?\d(?:[ -]?\d){4,11}[A-Z]?)/giu;

export function findMedicalRecords(text: string, found: Found): void {
  for (const match of text.matchAll(record)) {
    const value = match[1] ?? '';
    const end = match.index + match[0].length;
    if (!isWordAt(text, end)) {
      found('medical_record', end - value.length, end);
    }
  }
}
