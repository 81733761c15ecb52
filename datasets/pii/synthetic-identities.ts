// Generated e-mail addresses, telephone, account, card and social security numbers, with valid check digits.
import { ibanDigits, luhnDigit, ribKey, spanishControl } from './synthetic-check-digits.ts';
import { upper, type Choices } from './synthetic-random.ts';

const first = [
  'anna',
  'john',
  'maria',
  'li',
  'omar',
  'sofia',
  'peter',
  'ines',
  'raj',
  'chloe',
  'tom',
  'zoë',
  'jürgen',
  'søren',
] as const;
const last = [
  'smith',
  'garcia',
  'muller',
  'rossi',
  'dubois',
  'kowalski',
  'patel',
  'silva',
  'jansen',
  'oconnor',
  'ng',
  'weiß',
] as const;
const domains = [
  'example.com',
  'mail.example.org',
  'acme.co.uk',
  'uni-heidelberg.de',
  'gmail.com',
  'outlook.com',
  'free.fr',
  'terra.com.br',
  'startup.io',
  'museum.travel',
  'müller.de',
  'xn--mller-kva.de',
  'company.photography',
  'dept.gov.au',
] as const;

export function email(choose: Choices): string {
  const [given, family, domain] = [choose.pick(first), choose.pick(last), choose.pick(domains)];
  const local = choose.pick([
    `${given}.${family}`,
    `${given}_${family}${choose.digits(2)}`,
    `${given.charAt(0)}${family}`,
    `${family}-${given}`,
    `${given}+news`,
    `${given}${choose.digits(4)}`,
    `o'${family}`,
  ]);
  const address = `${local}@${domain}`;
  return choose.below(6) === 0 ? address.toUpperCase().replaceAll('SS', 'ss') : address;
}

/** North American (NANPA), British (Ofcom), German (Bundesnetzagentur), French (Arcep) and other numbers. */
export function phone(choose: Choices): string {
  const area = choose.pick(['212', '415', '312', '646', '206', '617', '303', '404', '512', '702', '818', '919']);
  const local = (choose.pick([2, 3, 4, 5, 6, 7, 8, 9] as const) * 100 + 20 + choose.below(80)).toString();
  const line = choose.digits(4);
  const american = [
    `(${area}) ${local}-${line}`,
    `${area}-${local}-${line}`,
    `${area}.${local}.${line}`,
    `${area} ${local} ${line}`,
    `1-${area}-${local}-${line}`,
    `+1 ${area} ${local} ${line}`,
    `+1${area}${local}${line}`,
    `+1 (${area}) ${local}-${line}`,
  ] as const;
  const british = [
    choose.fill('020 7946 ####'),
    choose.fill('0161 496 0###'),
    choose.fill('07700 900###'),
    choose.fill('07400 ######'),
    choose.fill('07400 ### ###'),
    choose.fill('+44 20 7946 ####'),
    choose.fill('+44 (0)20 7946 ####'),
    choose.fill('+447400######'),
    choose.fill('0044 161 496 0###'),
  ] as const;
  const german = [
    choose.fill('030 2#######'),
    choose.fill('030/2#######'),
    choose.fill('(089) 3### ####'),
    choose.fill('0171 2######'),
    choose.fill('0151-2#######'),
    choose.fill('+49 30 2#######'),
    choose.fill('+49 171 2######'),
    choose.fill('0049 89 3#######'),
  ] as const;
  const french = [
    choose.fill('01 42 ## ## ##'),
    choose.fill('06 12 ## ## ##'),
    choose.fill('06.12.##.##.##'),
    choose.fill('06-12-##-##-##'),
    choose.fill('+33 6 12 ## ## ##'),
    choose.fill('+33142######'),
  ] as const;
  const others = [
    choose.fill('+34 612 ### ###'),
    choose.fill('+39 347 ### ####'),
    choose.fill('+31 6 1#######'),
    choose.fill('+48 601 ### ###'),
    choose.fill('+91 98### #####'),
    choose.fill('+55 11 9####-####'),
    choose.fill('+81 90-####-####'),
    choose.fill('+61 412 ### ###'),
  ] as const;
  return choose.pick(choose.pick([american, british, german, french, others]));
}

type Account = readonly [country: string, account: string];

export function iban(choose: Choices): string {
  const bank = choose.of(upper, 4);
  const [four, five, ten, eleven] = [choose.digits(4), choose.digits(5), choose.digits(10), choose.digits(11)];
  const belgian = choose.digits(10);
  const accounts: readonly [Account, ...Account[]] = [
    ['DE', choose.digits(18)],
    ['GB', `${bank}${choose.digits(14)}`],
    ['AT', choose.digits(16)],
    ['CH', choose.digits(17)],
    ['IE', `${bank}${choose.digits(14)}`],
    ['LT', choose.digits(16)],
    ['LU', choose.digits(16)],
    ['RO', `${bank}${choose.digits(16)}`],
    ['ES', `${four}${five.slice(1)}${spanishControl(`${four}${five.slice(1)}`, ten)}${ten}`],
    ['FR', `${five}0${four}${eleven}${ribKey(five, `0${four}`, eleven)}`],
    ['BE', `${belgian}${String(BigInt(belgian) % 97n || 97n).padStart(2, '0')}`],
  ];
  const [country, account] = choose.pick(accounts);
  const whole = `${country}${ibanDigits(country, account)}${account}`;
  const spaced = whole.replaceAll(/(.{4})(?=.)/gu, '$1 ');
  return choose.pick([
    whole,
    spaced,
    spaced,
    whole.toLowerCase(),
    spaced.replaceAll(' ', '\u00A0'),
    spaced.replaceAll(' ', '-'),
  ]);
}

export function card(choose: Choices): string {
  const [prefix, length] = choose.pick([
    ['4', 16],
    ['4', 16],
    [choose.fill(`5${choose.pick(['1', '2', '3', '4', '5'])}`), 16],
    ['2223', 16],
    ['2720', 16],
    [choose.pick(['34', '37']), 15],
    ['6011', 16],
    ['65', 16],
    ['305', 14],
    ['36', 14],
    ['3530', 16],
    ['62', 16],
    ['62', 19],
    ['6759', 16],
  ] as const);
  const body = `${prefix}${choose.digits(length - prefix.length - 1)}`;
  const whole = `${body}${luhnDigit(body)}`;
  const groups = length < 16 ? /^(.{4})(.{6})(.+)$/u : /^(.{4})(.{4})(.{4})(.{4})(.*)$/u;
  const spaced = whole
    .replace(groups, '$1 $2 $3 $4 $5')
    .replaceAll(/ ?\$\d/gu, '')
    .trim();
  return choose.pick([whole, spaced, spaced.replaceAll(' ', '-')]);
}

/** With the word that stands for it, where its form alone does not tell it. */
export function ssn(choose: Choices): { readonly value: string; readonly cue?: string } {
  const area = String(1 + choose.below(898))
    .padStart(3, '0')
    .replace('666', '667');
  const [group, serial] = [
    String(1 + choose.below(99)).padStart(2, '0'),
    String(1 + choose.below(9999)).padStart(4, '0'),
  ];
  return choose.pick([
    { value: `${area}-${group}-${serial}` },
    { value: `${area}-${group}-${serial}` },
    { value: `${area} ${group} ${serial}`, cue: 'SSN' },
    { value: `${area}${group}${serial}`, cue: 'social security number' },
  ]);
}
