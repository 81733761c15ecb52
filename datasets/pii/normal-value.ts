// One form for the ways of writing the same value, so that each gets the same pseudonym.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/** @param regions countries of national telephone numbers, in the order of the recipe. */
export function normalValue(type: string, value: string, regions: readonly string[]): string {
  switch (type) {
    case 'email':
      return value.normalize('NFC').toLowerCase();
    case 'phone':
      return normalPhone(value, regions);
    case 'iban':
    case 'credit_card':
    case 'ssn':
    case 'national_id':
    case 'medical_record':
      return value.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
    case 'ip':
      return value.includes(':') ? new URL(`http://[${value}]`).hostname : value;
    default:
      return value.normalize('NFC');
  }
}

function normalPhone(value: string, regions: readonly string[]): string {
  const digits = value.replace(/\(0\)/u, '').replaceAll(/\D/gu, '');
  if (value.includes('+') || digits.startsWith('00')) {
    return `+${digits.replace(/^00/u, '')}`;
  }
  for (const region of regions) {
    const parsed = parsePhoneNumberFromString(digits, countryOf(region));
    if (parsed?.isValid() === true) {
      return parsed.number;
    }
  }
  return digits;
}

/** Regions were checked when the scanner was made. */
function countryOf(region: string): CountryCode {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return region as CountryCode;
}
