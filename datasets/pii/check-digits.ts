// Check digits of cards and national numbers. Every function takes digits only, of the length that it says.

/** Luhn, ISO/IEC 7812-1 annex B. Any length. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, double = false; index >= 0; index -= 1, double = !double) {
    const value = digitAt(digits, index) * (double ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** The sum of digits times weights, over as many digits as there are weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) {
    sum += digitAt(digits, index) * (weights[index] ?? 0);
  }
  return sum;
}

/** NHS number, 10 digits: https://www.datadictionary.nhs.uk/attributes/nhs_number.html */
export function passesNhs(digits: string): boolean {
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check === digitAt(digits, 9) && !isRepeated(digits);
}

/** Steuer-Identifikationsnummer, 11 digits: ISO/IEC 7064 MOD 11,10, and one digit two or three times (§ 139b AO). */
export function passesSteuerId(digits: string): boolean {
  const counts = new Uint8Array(10);
  let product = 10;
  for (let index = 0; index < 10; index += 1) {
    const digit = digitAt(digits, index);
    counts[digit] = (counts[digit] ?? 0) + 1;
    const sum = (digit + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  const repeated = counts.filter((count) => count > 1);
  const allowed = repeated.length === 1 && (repeated[0] === 2 || repeated[0] === 3);
  return digits.charCodeAt(0) !== 48 && allowed && (11 - product) % 10 === digitAt(digits, 10);
}

/** Burgerservicenummer, 9 digits: the “elfproef”. */
export function passesBsn(digits: string): boolean {
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isRepeated(digits);
}

/** PESEL, 11 digits: weights and a birth date whose month carries the century. */
export function passesPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  const check = (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && check === digitAt(digits, 10);
}

/** CPF, 11 digits: two check digits modulo 11. */
export function passesCpf(digits: string): boolean {
  const first = ((weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const second = ((weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  return first === digitAt(digits, 9) && second === digitAt(digits, 10) && !isRepeated(digits);
}

/** Verhoeff’s dihedral check, as Aadhaar uses it. Any length. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let index = 0; index < digits.length; index += 1) {
    let digit = digitAt(digits, digits.length - 1 - index);
    for (let times = index % 8; times > 0; times -= 1) {
      digit = permutation[digit] ?? 0;
    }
    check = dihedral(check, digit);
  }
  return check === 0;
}

const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Product in the dihedral group of order 10: rotations 0 to 4, reflections 5 to 9. */
function dihedral(left: number, right: number): number {
  if (left < 5) {
    return right < 5 ? (left + right) % 5 : 5 + ((left + right - 5) % 5);
  }
  return right < 5 ? 5 + ((left - 5 - right + 5) % 5) : (left - right + 5) % 5;
}

/** NIR, 13 characters and the key: 97 less the number modulo 97; 2A and 2B of Corsica count as 19 and 18. */
export function passesNir(number: string): boolean {
  const digits = number
    .slice(0, 13)
    .replace(/^(.{5})2A/u, '$119')
    .replace(/^(.{5})2B/u, '$118');
  return /^\d{13}$/u.test(digits) && 97 - (Number(digits) % 97) === Number(number.slice(13));
}

export function digitAt(digits: string, index: number): number {
  return digits.charCodeAt(index) - 48;
}

function isRepeated(digits: string): boolean {
  return digits === digits.charAt(0).repeat(digits.length);
}
