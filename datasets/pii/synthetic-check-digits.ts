// Check digits for generated values, worked out otherwise than the detectors do: by trying every digit, by full tables,
// or on whole numbers. Formulas are those of the public descriptions of each number.

/** The digit that makes the sum of a Luhn number end in 0. */
export function luhnDigit(body: string): string {
  const doubled = ['0', '2', '4', '6', '8', '1', '3', '5', '7', '9'];
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, index) => {
      return total + Number(index % 2 === 0 ? doubled[Number(digit)] : digit);
    }, 0);
  return String((1000 - sum) % 10);
}

/** ISO 13616: check digits of an IBAN on the whole number as an integer. */
export function ibanDigits(country: string, account: string): string {
  const digits = Array.from(`${account}${country}00`)
    .map((character) => Number.parseInt(character, 36))
    .join('');
  return String(98n - (BigInt(digits) % 97n)).padStart(2, '0');
}

/** The only digit, if any, that leaves the weighted sum of all digits with the remainder. */
export function digitByWeights(
  body: string,
  weights: readonly number[],
  modulus: number,
  remainder = 0,
): string | undefined {
  for (let digit = 0; digit < 10; digit += 1) {
    const sum = Array.from(`${body}${digit}`).reduce(
      (total, one, index) => total + Number(one) * (weights[index] ?? 0),
      0,
    );
    if (((sum % modulus) + modulus) % modulus === remainder) {
      return String(digit);
    }
  }
  return undefined;
}

/** ISO/IEC 7064 MOD 11,10, as the German tax number uses it. */
export function steuerIdDigit(body: string): string {
  let remainder = 10;
  for (const digit of body) {
    remainder = (remainder + Number(digit)) % 10 || 10;
    remainder = (remainder * 2) % 11;
  }
  return String((11 - remainder) % 10);
}

/** Verhoeff (1969): tables of the dihedral group, of the permutation and of inverses. */
export function verhoeffDigit(body: string): string {
  const product = [
    '0123456789',
    '1234067895',
    '2340178956',
    '3401289567',
    '4012395678',
    '5987604321',
    '6598710432',
    '7659821043',
    '8765932104',
    '9876543210',
  ];
  const permuted = [
    '0123456789',
    '1576283094',
    '5803796142',
    '8916043527',
    '9453126870',
    '4286573901',
    '2793806415',
    '7046913258',
  ];
  const inverse = '0432156789';
  const check = Array.from(body)
    .toReversed()
    .reduce((state, digit, index) => {
      return Number(product[state]?.[Number(permuted[(index + 1) % 8]?.[Number(digit)])]);
    }, 0);
  return inverse.charAt(check);
}

/** CPF: each check digit is 0 or 11 less the remainder. */
export function cpfDigits(body: string): string {
  const first = cpfDigit(body);
  return `${first}${cpfDigit(`${body}${first}`)}`;
}

function cpfDigit(digits: string): string {
  const sum = Array.from(digits).reduce(
    (total, digit, index) => total + Number(digit) * (digits.length + 1 - index),
    0,
  );
  return String(sum % 11 < 2 ? 0 : 11 - (sum % 11));
}

/** NIR: the key on the first thirteen digits. */
export function nirKey(body: string): string {
  return String(97n - (BigInt(body) % 97n)).padStart(2, '0');
}

/** DNI and NIE: the letter at the remainder by 23. */
export function dniLetter(digits: string): string {
  return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(BigInt(digits) % 23n));
}

/** Codice fiscale: the ministry's table for characters at odd places. */
export function fiscalLetter(body: string): string {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const sum = Array.from(body).reduce((total, character, index) => {
    const value = letters.includes(character) ? letters.indexOf(character) : Number(character);
    return total + (index % 2 === 0 ? (odd[value] ?? Number.NaN) : value);
  }, 0);
  return letters.charAt(sum % 26);
}

/** Spanish account numbers: control digits of bank and branch, and of the account. */
export function spanishControl(bank: string, account: string): string {
  const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
  const digit = (ten: string): string => {
    const rest =
      11 - (Array.from(ten).reduce((total, one, index) => total + Number(one) * (weights[index] ?? 0), 0) % 11);
    return String(rest === 11 ? 0 : rest === 10 ? 1 : rest);
  };
  return `${digit(`00${bank}`)}${digit(account)}`;
}

/** French account numbers (digits only): the RIB key. */
export function ribKey(bank: string, branch: string, account: string): string {
  return String(97n - (BigInt(`${bank}${branch}${account}00`) % 97n)).padStart(2, '0');
}
