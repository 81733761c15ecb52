// Generated national numbers of persons, with valid check digits.
import {
  cpfDigits,
  digitByWeights,
  dniLetter,
  fiscalLetter,
  nirKey,
  steuerIdDigit,
  verhoeffDigit,
} from './synthetic-check-digits.ts';
import type { Choices } from './synthetic-random.ts';

/** With the word that stands for it, where its form alone does not tell it. */
export function nationalId(choose: Choices): { readonly value: string; readonly cue?: string } {
  const kinds = [nhs, nino, steuerId, nir, dni, nie, fiscal, bsn, aadhaar, cpf, pesel] as const;
  return choose.pick(kinds)(choose);
}

type Identity = { readonly value: string; readonly cue?: string };

/** Draws bodies until one has a check digit. */
function withDigit(draw: () => string, digit: (body: string) => string | undefined): string {
  for (;;) {
    const body = draw();
    const check = digit(body);
    if (check !== undefined) {
      return `${body}${check}`;
    }
  }
}

function nhs(choose: Choices): Identity {
  const whole = withDigit(
    () => `4${choose.digits(8)}`,
    (body) => digitByWeights(body, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11),
  );
  return {
    value: choose.pick([whole, whole.replace(/(.{3})(.{3})/u, '$1 $2 '), whole.replace(/(.{3})(.{3})/u, '$1-$2-')]),
    cue: 'NHS number',
  };
}

function nino(choose: Choices): Identity {
  const whole = `${choose.pick(['AB', 'CE', 'JG', 'PW', 'SR', 'YZ'])}${choose.digits(6)}${choose.pick(['A', 'B', 'C', 'D'])}`;
  return choose.pick<Identity>([
    { value: whole.replace(/(..)(..)(..)(..)(.)/u, '$1 $2 $3 $4 $5') },
    { value: whole, cue: 'National Insurance number' },
  ]);
}

/** One digit twice and one not at all among the first ten, as the law of 2008 has it. */
function steuerId(choose: Choices): Identity {
  const pool = Array.from('0123456789')
    .map((digit) => ({ digit, key: choose.below(1e9) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ digit }) => digit);
  const [twice = '1', ...rest] = pool[0] === '0' ? pool.toReversed() : pool;
  const body = [twice, ...rest.slice(0, 7), twice, rest[7]].join('');
  const whole = `${body}${steuerIdDigit(body)}`;
  return {
    value: choose.pick([whole, whole.replace(/(..)(...)(...)(...)/u, '$1 $2 $3 $4')]),
    cue: choose.pick(['Steuer-ID', 'IdNr.', 'steuerliche Identifikationsnummer']),
  };
}

function nir(choose: Choices): Identity {
  const month = String(1 + choose.below(12)).padStart(2, '0');
  const body = `${choose.pick(['1', '2'])}${choose.digits(2)}${month}${String(1 + choose.below(95)).padStart(2, '0')}${choose.digits(6)}`;
  const whole = `${body}${nirKey(body)}`;
  return {
    value: choose.pick([
      whole,
      whole.replace(/(.)(..)(..)(..)(...)(...)(..)/u, '$1 $2 $3 $4 $5 $6 $7'),
      `${body} ${whole.slice(13)}`,
    ]),
  };
}

function dni(choose: Choices): Identity {
  const digits = choose.digits(8);
  const letter = dniLetter(digits);
  return {
    value: choose.pick([
      `${digits}${letter}`,
      `${digits}-${letter}`,
      `${digits.replace(/(..)(...)(...)/u, '$1.$2.$3')}-${letter}`,
    ]),
  };
}

function nie(choose: Choices): Identity {
  const [prefix, digits] = [choose.below(3), choose.digits(7)];
  const letter = dniLetter(`${prefix}${digits}`);
  return {
    value: choose.pick([`${'XYZ'.charAt(prefix)}${digits}${letter}`, `${'XYZ'.charAt(prefix)}-${digits}-${letter}`]),
  };
}

function fiscal(choose: Choices): Identity {
  const day = String(1 + choose.below(28) + choose.pick([0, 40])).padStart(2, '0');
  const body = `${choose.of('BCDFGLMNPRSTVZ', 6)}${choose.digits(2)}${choose.of('ABCDEHLMPRST', 1)}${day}${choose.of('ABCDEFGHIL', 1)}${choose.digits(3)}`;
  const whole = `${body}${fiscalLetter(body)}`;
  return { value: choose.pick([whole, whole, whole.toLowerCase()]) };
}

function bsn(choose: Choices): Identity {
  const whole = withDigit(
    () => `1${choose.digits(7)}`,
    (body) => digitByWeights(body, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11),
  );
  return {
    value: choose.pick([whole, whole.replace(/(.{4})(..)/u, '$1 $2 ')]),
    cue: choose.pick(['BSN', 'burgerservicenummer']),
  };
}

function aadhaar(choose: Choices): Identity {
  const body = `${choose.pick(['2', '3', '5', '7', '9'])}${choose.digits(10)}`;
  const whole = `${body}${verhoeffDigit(body)}`;
  return {
    value: choose.pick([whole, whole.replace(/(.{4})(.{4})/u, '$1 $2 '), whole.replace(/(.{4})(.{4})/u, '$1-$2-')]),
    cue: choose.pick(['Aadhaar', 'Aadhar number']),
  };
}

function cpf(choose: Choices): Identity {
  const body = `${choose.digits(8)}7`;
  const whole = `${body}${cpfDigits(body)}`;
  return choose.pick<Identity>([
    { value: whole.replace(/(...)(...)(...)/u, '$1.$2.$3-') },
    { value: whole, cue: 'CPF' },
  ]);
}

function pesel(choose: Choices): Identity {
  const date = `${choose.digits(2)}${String(1 + choose.below(12) + choose.pick([0, 20])).padStart(2, '0')}${String(1 + choose.below(28)).padStart(2, '0')}`;
  const whole = withDigit(
    () => `${date}${choose.digits(4)}`,
    (body) => digitByWeights(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10),
  );
  return { value: whole, cue: 'PESEL' };
}
