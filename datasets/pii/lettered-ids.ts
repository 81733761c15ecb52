// Numbers of persons with letters in them: NINO, DNI, NIE, codice fiscale, and the NIR of Corsica.
import type { Found } from './finding.ts';
import { beginsFree, endsFree, hasCue } from './near-words.ts';
import { isNir } from './national-numbers.ts';

/** NINO: HMRC NIM39110. It has no check digit, so that a word or its own spacing must tell it. */
const nino = /(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[ -]?\d{2}([ -]?)\d{2}\1\d{2}[ -]?[A-D]/giu;
const ninoNotIssued = /^(?:BG|GB|NK|KN|TN|NT|ZZ)/iu;
const ninoCue = /\bnino\b|national insurance|\bni (?:number|no)\b|\bn\.?i\.? ?(?:number|no)/iu;

/** DNI: eight digits and a letter, the digits modulo 23. NIE: X, Y or Z stands for 0, 1 or 2. */
const spanish = /(?:\d{2}\.\d{3}\.\d{3}|\d{8}|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z]/giu;
const spanishLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Codice fiscale: DM 23/12/1976; letters stand for digits where two persons would have the same code. */
const fiscal = /[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]/giu;
const fiscalSpaced = /[A-Z]{3} [A-Z]{3} [0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} [A-Z][0-9LMNP-V]{3}[A-Z]/gu;

const corsican = /[12] ?\d{2} ?\d{2} ?2[AB] ?\d{3} ?\d{3} ?\d{2}/gu;

export function findLetteredIds(text: string, found: Found): void {
  each(text, nino, found, (value, start, end) => {
    const spaced = /^\S{2} \d{2} \d{2} \d{2} \S$/u.test(value);
    return !ninoNotIssued.test(value) && (spaced || hasCue(text, start, end, ninoCue)) && isOneCase(value);
  });
  each(text, spanish, found, (value) => passesSpanish(value.replaceAll(/[ .-]/gu, '').toUpperCase()));
  each(text, fiscal, found, (value) => isOneCase(value) && passesFiscal(value.toUpperCase()));
  each(text, fiscalSpaced, found, (value) => passesFiscal(value.replaceAll(' ', '')));
  each(text, corsican, found, (value) => isNir(value.replaceAll(' ', '')));
}

function each(text: string, pattern: RegExp, found: Found, accepts: Accepts): void {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (beginsFree(text, match.index) && endsFree(text, end) && accepts(match[0], match.index, end)) {
      found('national_id', match.index, end);
    }
  }
}

type Accepts = (value: string, start: number, end: number) => boolean;

function isOneCase(value: string): boolean {
  return value === value.toUpperCase() || value === value.toLowerCase();
}

function passesSpanish(value: string): boolean {
  const digits = value.slice(0, -1).replace(/^[XYZ]/u, (letter) => String('XYZ'.indexOf(letter)));
  return spanishLetters.charAt(Number(digits) % 23) === value.at(-1) && !/^0+$/u.test(digits);
}

/** Values of characters at odd places, counted from 1; at even places a letter or digit is worth its position. */
const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function passesFiscal(code: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const unit = code.charCodeAt(index);
    const value = unit < 65 ? unit - 48 : unit - 65;
    sum += index % 2 === 0 ? (oddValues[value] ?? 0) : value;
  }
  return code.charCodeAt(15) - 65 === sum % 26;
}
