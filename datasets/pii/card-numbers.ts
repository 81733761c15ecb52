// Payment card numbers: known issuers and lengths, the usual grouping, and Luhn's check digit.
import { passesLuhn } from './check-digits.ts';
import { hasCue } from './near-words.ts';
import type { NumberCandidate } from './number-candidate.ts';

/** Prefixes and lengths by issuer: ISO/IEC 7812 ranges as the issuers publish them. */
const issuers: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/u, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/u, lengths: [16] },
  { prefix: /^3[47]/u, lengths: [15] },
  { prefix: /^(?:6011|64[4-9]|65)/u, lengths: [16, 19] },
  { prefix: /^(?:30[0-5]|3095|36|3[89])/u, lengths: [14, 16, 19] },
  { prefix: /^35(?:2[89]|[3-8])/u, lengths: [16, 19] },
  { prefix: /^62/u, lengths: [16, 17, 18, 19] },
  { prefix: /^(?:2131|1800)/u, lengths: [15] },
  { prefix: /^(?:5018|5020|5038|5893|6304|6390|6759|676[1-3])/u, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { prefix: /^220[0-4]/u, lengths: [16] },
];

const cue =
  /\b(?:card|credit|debit|visa|master ?card|amex|maestro|discover|diners|carte|karte|tarjeta|cart[aã]o|cc|pan)\b/iu;
/** Names of other numbers right before: one in ten of those passes Luhn too. */
const otherNumber =
  /\b(?:order|invoice|tracking|parcel|shipment|serial|sku|ean|upc|gtin|imei|isbn|timestamp|ticket|ref(?:erence)?|part|build|commit|batch|lot)\b[^\d\n]{0,16}$/iu;

/** Whether a candidate of 12 to 19 digits is a card number. */
export function isCardNumber({ text, start, end, digits, groups, separator }: NumberCandidate): boolean {
  if (separator !== '' && separator !== ' ' && separator !== '-') {
    return false;
  }
  if (!issuers.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits))) {
    return false;
  }
  if (!isGrouped(groups) || !passesLuhn(digits) || /^(\d)\1*$/u.test(digits)) {
    return false;
  }
  // Thirteen digits are an EAN far more often than one of the short cards of the past.
  if (digits.length < 14) {
    return hasCue(text, start, end, cue);
  }
  return !otherNumber.test(text.slice(Math.max(0, start - 40), start)) || hasCue(text, start, end, cue);
}

/** One block, blocks of four with a rest at the end, or 4-6-5 and 4-6-4 (American Express, Diners Club). */
function isGrouped(groups: readonly number[]): boolean {
  if (groups.length === 1) {
    return true;
  }
  if (groups.length === 3 && groups[0] === 4 && groups[1] === 6) {
    return groups[2] === 5 || groups[2] === 4;
  }
  return groups.every((length, index) => length === 4 || (index === groups.length - 1 && length < 4));
}
