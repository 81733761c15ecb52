// International bank account numbers: a country's length and format, and ISO 7064 MOD 97-10.
import { countrySpecs, validateIBAN, ValidationErrorsIBAN } from 'ibantools';
import type { Found } from './finding.ts';
import { isWordAt } from './near-words.ts';

const beginning = /[A-Z]{2}\d{2}(?=[ \u00A0\u202F-]?[A-Z0-9])/giu;

export function findIbans(text: string, found: Found): void {
  for (const { index } of text.matchAll(beginning)) {
    const country = text.slice(index, index + 2).toUpperCase();
    const length = Object.hasOwn(countrySpecs, country) ? countrySpecs[country]?.chars : undefined;
    if (length === undefined || isWordAt(text, index - 1)) {
      continue;
    }
    const end = endOf(text, index, length ?? 0);
    if (end > index && !isWordAt(text, end)) {
      const iban = text.slice(index, end).replaceAll(/[^A-Z0-9]/giu, '');
      if ((iban === iban.toUpperCase() || iban === iban.toLowerCase()) && isValid(iban.toUpperCase())) {
        found('iban', index, end);
      }
    }
  }
}

/** A wrong check digit within the national part alone is let pass: IBANs in examples and tests often have one. */
function isValid(iban: string): boolean {
  return validateIBAN(iban).errorCodes.every((code) => code === ValidationErrorsIBAN.WrongAccountBankBranchChecksum);
}

/** Where as many letters and digits end, with at most one separator between two; the beginning where they do not. */
function endOf(text: string, start: number, length: number): number {
  let taken = 0;
  let index = start;
  let gap = false;
  while (taken < length) {
    const code = text.charCodeAt(index);
    if ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)) {
      taken += 1;
      gap = false;
    } else if (!gap && (code === 0x20 || code === 0xa0 || code === 0x20_2f || code === 0x2d)) {
      gap = true;
    } else {
      return start;
    }
    index += 1;
  }
  return index;
}
