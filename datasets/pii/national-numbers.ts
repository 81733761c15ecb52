// Numbers of persons that are all digits: where the check is weak, a word beside must say what the number is.
import {
  passesBsn,
  passesCpf,
  passesNhs,
  passesNir,
  passesPesel,
  passesSteuerId,
  passesVerhoeff,
} from './check-digits.ts';
import { hasCue } from './near-words.ts';
import type { NumberCandidate } from './number-candidate.ts';

const cues = {
  ssn: /\bssn\b|\bss ?#|social[ -]security|\bsoc\.? sec/iu,
  nhs: /\bnhs\b/iu,
  steuerId:
    /steuer-?\s?id|steuerliche identifikation|steueridentifikation|\bidnr\b|\btax[ -]?id|\btin\b|\bsteuernummer/iu,
  bsn: /\bbsn\b|burgerservice|\bsofi-?nummer|citizen service number/iu,
  aadhaar: /aadh?aa?r|\buidai\b|\buid\b|आधार/iu,
  cpf: /\bcpf\b|cadastro de pessoas/iu,
  pesel: /\bpesel\b/iu,
};

/** Numbers that advertisements made known, so that they stand for nobody. */
const advertised = new Set(['078051120', '219099999', '123456789', '987654321']);

/** US social security number: no area 000, 666 or 9xx, no group 00, no serial 0000 (20 CFR 422.103; SSA, 2011). */
export function isSsn({ text, start, end, digits, groups, separator }: NumberCandidate): boolean {
  if (digits.length !== 9 || !/^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/u.test(digits) || advertised.has(digits)) {
    return false;
  }
  const grouped = groups.length === 3 && groups[0] === 3 && groups[1] === 2;
  return (grouped && separator === '-') || ((grouped || groups.length === 1) && hasCue(text, start, end, cues.ssn));
}

/** Whether a candidate of 9 to 15 digits is a national number. */
export function isNationalNumber(candidate: NumberCandidate): boolean {
  const { text, start, end, digits, separator } = candidate;
  const shape = candidate.groups.join('-');
  const plain = separator === '' || separator === ' ' || separator === '-';
  switch (digits.length) {
    case 9:
      return plain && passesBsn(digits) && hasCue(text, start, end, cues.bsn);
    case 10:
      return plain && (shape === '10' || shape === '3-3-4') && passesNhs(digits) && hasCue(text, start, end, cues.nhs);
    case 11:
      if (shape === '3-3-3-2' && passesCpf(digits) && /^\d{3}\.\d{3}\.\d{3}-\d{2}$/u.test(text.slice(start, end))) {
        return true;
      }
      return (
        plain &&
        ((passesSteuerId(digits) && hasCue(text, start, end, cues.steuerId)) ||
          (shape === '11' && passesPesel(digits) && hasCue(text, start, end, cues.pesel)) ||
          (passesCpf(digits) && hasCue(text, start, end, cues.cpf)))
      );
    case 12:
      return (
        plain &&
        (shape === '12' || shape === '4-4-4') &&
        /^[2-9]/u.test(digits) &&
        passesVerhoeff(digits) &&
        hasCue(text, start, end, cues.aadhaar)
      );
    case 15:
      return plain && (shape === '15' || nirShapes.has(shape)) && isNir(digits);
    default:
      return false;
  }
}

const nirShapes = new Set(['1-2-2-2-3-3-2', '13-2', '1-2-2-5-3-2']);

/**
 * Numéro d’inscription au répertoire: sex, year, month (also the 20s, 30s and 50s of incomplete records), place, order,
 * key. The key and the month leave one random number in thousands, so no word has to stand beside.
 */
export function isNir(number: string): boolean {
  return /^[12]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)/u.test(number) && passesNir(number);
}
