// Telephone numbers: E.164 from everywhere, national formats of the regions that the recipe names.
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { BadInput } from '../../domain/bad-input.ts';
import { separatorBetween, type DigitRun } from './digit-runs.ts';
import type { Found } from './finding.ts';
import { beginsFree, endsFree, follows, hasCue } from './near-words.ts';

const cue =
  /\b(?:tele?phone|phone|tel|mobile|cell|call|fax|whatsapp|sms|dial|hotline|landline|telefon|handy|mobil|rückruf|anruf|portable|appel|móvil|cellulare|telefono)|t[ée]l[ée]phone|tél|teléfono|☎|📞|電話|电话/iu;
/** Names of numbers that are no telephone's, right before. */
const otherNumber =
  /\b(?:order|invoice|part|serial|sku|model|item|ref|reference|isbn|ean|upc|gtin|batch|lot|ticket|case|p\/n|pn|s\/n|sn|version|article|artikel|tracking)\b[^\d\n]{0,12}$/iu;
const date = /^(?:\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?: \d{1,2})?$/u;

const extension = /^(?: ?(?:x|ext\.?|extension)|;ext=) ?\d{1,6}(?![\p{L}\p{N}])/iu;
/** E.164 has at most 15 digits; with `00` and a `(0)` in between, three more. */
const mostDigits = 18;
/** Parsing is the dear part, so that it is tried a few times in one run of digits. */
const mostTries = 6;
const mostGroups = 8;

export type PhoneFinder = (text: string, run: DigitRun, found: Found) => void;

/** Throws BadInput for a region without numbers of its own. */
export function createPhoneFinder(regions: readonly string[]): PhoneFinder {
  const countries = regions.map((region): CountryCode => {
    if (!isSupportedCountry(region)) {
      throw new BadInput(`${region} is no country with telephone numbers`, {
        where: 'dataset.curate.pii.phone_regions',
        hint: 'name countries by ISO 3166-1, for example GB',
      });
    }
    return region;
  });
  return (text, run, found) => findInRun(text, run, countries, found);
}

function findInRun(text: string, run: DigitRun, countries: readonly CountryCode[], found: Found): void {
  const count = run.starts.length;
  let tries = 0;
  for (let first = 0; first < count; first += 1) {
    if (tries >= mostTries) {
      return;
    }
    const start = startOf(text, run.starts[first] ?? 0);
    const international = text.charAt(start) === '+' || text.charAt(start + 1) === '+';
    // A number starts a run, stands after a space, or shows itself by its plus.
    if (first > 0 && !international && !/\s/u.test(text.charAt(start - 1))) {
      continue;
    }
    if (!international && !beginsFree(text, start)) {
      continue;
    }
    for (let last = Math.min(count, first + mostGroups) - 1; last >= first && tries < mostTries; last -= 1) {
      const end = run.ends[last] ?? 0;
      const digits = text.slice(start, end).replaceAll(/\D/gu, '');
      if (digits.length > mostDigits) {
        continue;
      }
      if (digits.length < 7) {
        break;
      }
      const extended = extensionEnd(text, end);
      if (extended === end && !endsFree(text, end)) {
        continue;
      }
      tries += 1;
      const partOfMore = !international && goesOn(text, run, first, last);
      if (!partOfMore && isPhone({ text, start, end, digits, international }, countries)) {
        found('phone', start, extended);
        first = last;
        break;
      }
    }
  }
}

/** Whether the groups around are joined to these as these are to one another, as in an account number. */
function goesOn(text: string, run: DigitRun, first: number, last: number): boolean {
  const inside = last > first ? separatorBetween(text, run, last - 1) : ' ';
  const before = first > 0 && separatorBetween(text, run, first - 1) === inside;
  return before || (last + 1 < run.starts.length && separatorBetween(text, run, last) === inside);
}

/** Where `x123`, ` ext. 123` or `;ext=123` (RFC 3966) behind a number ends; its own end where there is none. */
function extensionEnd(text: string, end: number): number {
  return end + (extension.exec(text.slice(end, end + 16))?.[0].length ?? 0);
}

/** With the plus and the parenthesis before the first digit. */
function startOf(text: string, first: number): number {
  let start = first;
  for (let steps = 0; steps < 2 && '+('.includes(text.charAt(start - 1) || ' '); steps += 1) {
    start -= 1;
  }
  return start;
}

interface Stretch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly international: boolean;
}

/**
 * Without a word for telephones beside, the number must be in use in its country and be written as there. With one, its
 * length will do where it shows itself by a plus, by groups or by a leading 0: people mistype, and plans change.
 */
function isPhone(stretch: Stretch, countries: readonly CountryCode[]): boolean {
  const { text, start, end, digits, international } = stretch;
  if (follows(text, start, otherNumber)) {
    return false;
  }
  const written = text.slice(start, end);
  if (international || (digits.startsWith('00') && digits.length >= 10)) {
    // (0) after the country code is the trunk prefix, which is not dialled.
    const number = `+${written.replace(/\(0\)/u, '').replaceAll(/\D/gu, '').replace(/^00/u, '')}`;
    const parsed = parsePhoneNumberFromString(number);
    return parsed !== undefined && (parsed.isValid() || (parsed.isPossible() && hasCue(text, start, end, cue)));
  }
  if (digits.length > 13 || date.test(written)) {
    return false;
  }
  const groups = written.split(/\D+/u).filter((group) => group !== '');
  const cued = hasCue(text, start, end, cue);
  // A block of digits is an order number far more often than a telephone number.
  if (!cued && (groups.length === 1 || digits.length < 9)) {
    return false;
  }
  return countries.some((country) => isNational(digits, groups, country, cued));
}

function isNational(digits: string, groups: readonly string[], country: CountryCode, cued: boolean): boolean {
  const parsed = parsePhoneNumberFromString(digits, country);
  const shaped = groups.length > 1 || digits.startsWith('0');
  if (parsed === undefined || !(parsed.isValid() || (cued && shaped && digits.length >= 9 && parsed.isPossible()))) {
    return false;
  }
  const usual = parsed
    .formatNational()
    .split(/\D+/u)
    .filter((group) => group !== '');
  const trunk = parsed.countryCallingCode === '1' && digits.length === 11 ? ['1', ...usual] : usual;
  // Numbers without their trunk prefix are not dialled from within the country.
  if (trunk.join('') !== digits) {
    return false;
  }
  return (
    cued ||
    trunk.join(' ') === groups.join(' ') ||
    (digits.startsWith('0') && groups.length > 1 && isAreaCode(groups[0] ?? '', trunk[0] ?? ''))
  );
}

/** The area code as it is usually written, or its beginning: 0151 for the German 01512. */
function isAreaCode(written: string, usual: string): boolean {
  return written === usual || (written.length >= 4 && usual.startsWith(written));
}
