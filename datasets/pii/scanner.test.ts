import { describe, expect, it } from 'vitest';
import type { PiiType } from '../../domain/recipe-pii.ts';
import { createPiiScanner } from './scanner.ts';
import { scoreTypes, syntheticPii } from './synthetic-pii.ts';
import { alphanumeric, choicesFrom } from './synthetic-random.ts';

const settings = { patterns: [], phone_regions: ['US', 'GB', 'DE', 'FR'] };
const scanner = createPiiScanner(settings);

function foundIn(text: string): string[] {
  return scanner.scan(text).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);
}

describe('a scan finds', () => {
  it.each<[PiiType, string, string]>([
    ['email', 'write to <Jane.Doe+x@mail.example.co.uk>, please', 'Jane.Doe+x@mail.example.co.uk'],
    ['email', '联系张三zhang@example.com谢谢', 'zhang@example.com'],
    ['email', 'δοκιμή@παράδειγμα.δοκιμή is one too', 'δοκιμή@παράδειγμα.δοκιμή'],
    ['email', '用户@例子.公司', '用户@例子.公司'],
    ['email', "mail o'neil@example.org.", "o'neil@example.org"],
    ['phone', 'call (415) 555-2671 now', '(415) 555-2671'],
    ['phone', 'Tel. 4155552671', '4155552671'],
    ['phone', 'reach us at +44 (0)20 7946 0018.', '+44 (0)20 7946 0018'],
    ['phone', '电话13800138000', ''],
    ['iban', 'to GB82 WEST 1234 5698 7654 32 by Friday', 'GB82 WEST 1234 5698 7654 32'],
    ['iban', 'DE89370400440532013000 BIC COBADEFF', 'DE89370400440532013000'],
    ['credit_card', 'card 4111 1111 1111 1111 exp 12/26', '4111 1111 1111 1111'],
    ['credit_card', 'amex 3782-822463-10005', '3782-822463-10005'],
    ['ssn', 'her number is 536-90-4399.', '536-90-4399'],
    ['ssn', 'SSN 536904399', '536904399'],
    ['national_id', 'NHS number 943 476 5919', '943 476 5919'],
    ['national_id', 'AB 12 34 56 C', 'AB 12 34 56 C'],
    ['national_id', 'Steuer-ID: 86095742719', '86095742719'],
    ['national_id', 'DNI 12345678Z', '12345678Z'],
    ['national_id', 'codice RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
    ['national_id', 'BSN 111222333', '111222333'],
    ['national_id', 'CPF 529.982.247-25', '529.982.247-25'],
    ['national_id', 'PESEL 44051401359', '44051401359'],
    ['national_id', 'NIR 2 55 08 14 168 025 38', '2 55 08 14 168 025 38'],
    ['ip', 'from 81.2.69.142:443', '81.2.69.142'],
    ['ip', 'host=81.2.69.142', '81.2.69.142'],
    ['ip', 'peer [2001:4860:4860::8888]', '2001:4860:4860::8888'],
    ['url_credentials', '(see https://bob:hunter22@host.example/x?y=1)', 'https://bob:hunter22@host.example/x?y=1'],
    ['api_key', 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
    ['api_key', 'password: "q7Zr81xTbK02mWv9"', 'q7Zr81xTbK02mWv9'],
    [
      'private_key',
      `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ'.repeat(12)}`,
      `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ'.repeat(12)}`,
    ],
    ['medical_record', 'MRN: 00482913', '00482913'],
  ])('%s in %j', (type, text, value) => {
    expect(foundIn(text)).toEqual(value === '' ? [] : [`${type}: ${value}`]);
  });
});

describe('a scan leaves alone', () => {
  it.each([
    ['a social security number of no area', '000-12-3456, 666-12-3456 and 900-12-3456'],
    ['the number of an advertisement', '078-05-1120'],
    ['nine digits that nothing calls a social security number', 'lot 536904399'],
    ['a card that fails Luhn', '4111 1111 1111 1112'],
    ['an IBAN with wrong check digits', 'GB83 WEST 1234 5698 7654 32'],
    ['an NHS number that fails its check', 'NHS 9434765918'],
    ['a version of four numbers', 'v1.2.3.4, version 81.2.69.142, release=81.2.69.142'],
    ['addresses of private networks', '10.1.2.3 172.16.4.5 192.168.0.7 127.0.0.1 255.255.255.0 fe80::1 fd00::1234'],
    ['an account of version control', 'git@github.com:team/app.git'],
    ['a file name with an @', 'logo@2x.png'],
    ['a password that is a placeholder', 'https://user:password@example.com and https://$USER:$PASS@example.com'],
    ['a key that is a placeholder', 'api_key = YOUR_API_KEY_HERE_PLEASE'],
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${'MIIEvQ'.repeat(12)}\n-----END CERTIFICATE-----`],
    [
      'its own placeholders and pseudonyms',
      '[EMAIL] [API_KEY] api_key=[API_KEY] phone-415555267123 token: api_key-3f9a1c22aa01',
    ],
  ])('%s', (_, text) => {
    expect(foundIn(text)).toEqual([]);
  });

  it('types that were not asked for', () => {
    const only = createPiiScanner({ ...settings, types: ['ip'] });
    expect(only.scan('a@example.com from 81.2.69.142').map(({ type }) => type)).toEqual(['ip']);
  });
});

describe('of overlapping findings', () => {
  it('the longest wins', () => {
    expect(foundIn('https://bob:hunter22@host.example/')).toEqual([
      'url_credentials: https://bob:hunter22@host.example/',
    ]);
  });

  it('the more specific wins where they are as long', () => {
    const own = createPiiScanner({ ...settings, patterns: [{ name: 'nine', pattern: String.raw`\d{3}-\d{2}-\d{4}` }] });
    expect(own.scan('536-90-4399').map(({ type }) => type)).toEqual(['ssn']);
  });
});

describe('on generated texts that the detectors were not made with', () => {
  const set = syntheticPii(20_260_117, 200, 100);
  const scores = scoreTypes(set, (text) => scanner.scan(text));

  it('there are 2,000 values and 2,000 hard negatives', () => {
    expect(set.filter(({ finding }) => finding !== undefined).length).toBeGreaterThanOrEqual(2000);
    expect(set.filter(({ finding }) => finding === undefined).length).toBeGreaterThanOrEqual(2000);
  });

  it.each([...scores])('recall and precision of %s are at least 0.95', (_, { positives, recall, precision }) => {
    expect(positives).toBe(200);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(precision).toBeGreaterThanOrEqual(0.95);
  });
});

describe('whatever the text', () => {
  it('findings are sorted, do not overlap and stand within it', () => {
    const choose = choicesFrom(5);
    const pieces = [
      ...syntheticPii(6, 8, 4).map(({ text }) => text),
      '\ud800',
      '\udc00',
      '\0',
      '@',
      ' ',
      '://',
      '-----',
      '::',
      '\u202e',
      'é',
      '漢',
    ];
    for (let round = 0; round < 2000; round += 1) {
      let text = '';
      for (let part = 0; part < 6; part += 1) {
        const piece = pieces[choose.below(pieces.length)] ?? '';
        const from = choose.below(piece.length);
        text +=
          choose.below(3) === 0
            ? choose.of(`${alphanumeric}@.:/- +=()[]"\n`, choose.below(30))
            : piece.slice(from, from + choose.below(80));
      }
      let last = 0;
      for (const { start, end } of scanner.scan(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }
  });

  it.each([
    '1',
    '@',
    'a@',
    '@@@@',
    'a.a.a.',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '://',
    'a://b:',
    'eyJ',
    'eyJ-',
    '1 ',
    '415-555-0132 ',
    '1) 2) ',
    '+',
    '+44 20 ',
    'DE89 ',
    '1.1.1.1.',
    '2001:',
    'secret: ',
    'MRN ',
    'AB12',
    '\ud800',
    '-',
    '\u00a0',
    'https://a?token=',
  ])('the time grows with a megabyte of %j no faster than the text', { timeout: 60_000 }, (piece) => {
    const timed = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const { user } = process.cpuUsage();
      scanner.scan(text);
      return (process.cpuUsage().user - user) / 1000;
    };
    const quarter = Math.max(timed(2 ** 18), 40);
    // Linear is 4; quadratic would be 16.
    expect(timed(2 ** 20) / quarter).toBeLessThan(10);
  });
});
