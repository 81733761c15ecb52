// A seeded set of texts with and without personal data, with where it stands: for the tests and the benchmark of PII.
import { piiTypeSchema, type PiiType } from '../../domain/recipe-pii.ts';
import { hardNegatives } from './synthetic-hard-negatives.ts';
import { card, email, iban, phone, ssn } from './synthetic-identities.ts';
import { nationalId } from './synthetic-national-ids.ts';
import { choicesFrom, type Choices } from './synthetic-random.ts';
import { apiKey, ip, medicalRecord, privateKey, urlWithCredentials } from './synthetic-secrets.ts';

export interface LabelledText {
  readonly text: string;
  /** What stands in it, or the kind of a hard negative. */
  readonly kind: string;
  readonly finding?: { readonly type: PiiType; readonly start: number; readonly end: number };
}

interface Value {
  readonly value: string;
  /** Words without which nobody could tell what the value is. */
  readonly cue?: string;
  /** What stands right before, such as the name of a setting. */
  readonly before?: string;
}

const values: Readonly<Record<PiiType, (choose: Choices) => Value>> = {
  email: (choose) => ({ value: email(choose) }),
  phone: phoneValue,
  iban: (choose) => ({ value: iban(choose) }),
  credit_card: (choose) => ({ value: card(choose) }),
  ssn,
  national_id: nationalId,
  ip: (choose) => ({ value: ip(choose) }),
  url_credentials: (choose) => ({ value: urlWithCredentials(choose) }),
  api_key: apiKey,
  private_key: (choose) => ({ value: privateKey(choose) }),
  medical_record: medicalRecord,
};

/** A national number in one block could be anything, so that a word says what it is; one with groups or a + needs none. */
function phoneValue(choose: Choices): Value {
  const value = phone(choose);
  return /^0\d+$/u.test(value) ? { value, cue: choose.pick(['Phone', 'Tel.', 'mobile', 'WhatsApp']) } : { value };
}

/** {} is where the value stands. */
const sentences = [
  'Hello, {} is what I gave your colleague last week, and nothing came.',
  'Please update my record to {}.',
  'Customer wrote: “{}”, could you check?',
  'From the form (second page): {}; the rest is unchanged.',
  'Kundin bittet um Änderung auf {}, danke.',
  'Le client a indiqué {} dans son message.',
  'Anna Schmidt\n{}\n12 Main Street, Springfield',
  '{}',
  '{} was in the subject line.',
  'name,value\n"Smith, J.",{}\n',
  '{"field":"{}"}',
  'I used {}, then it failed at 10:42 on 3 May.',
  'He said it was {}!',
  'The agent noted [{}] and closed the ticket.',
  '- contact: {}\n- plan: gold\n- since: 2021',
] as const;
const cued = [
  '{cue}: {}',
  'My {cue} is {}.',
  'The {cue} on file, {}, is out of date.',
  '{cue} {}',
  'Bitte prüfen: {cue} {} (siehe Anlage).',
  '{cue} = {}; other fields unchanged',
] as const;
const assigned = [
  '{}',
  'In the log stands {} among other things.',
  '# settings\n{}\ntimeout = 30\n',
  'He pasted {} into the chat.',
  'Note of 3 May: {}, seen by Dr. Lee.',
] as const;

function labelled(type: PiiType, choose: Choices): LabelledText {
  const { value, cue, before } = values[type](choose);
  const closing = before === undefined ? '' : (/["']$/u.exec(before)?.[0] ?? '');
  const sentence =
    before !== undefined ? choose.pick(assigned) : cue !== undefined ? choose.pick(cued) : choose.pick(sentences);
  const [head = '', tail = ''] = sentence.replaceAll('{cue}', () => cue ?? '').split('{}');
  const start = head.length + (before ?? '').length;
  const text = `${head}${before ?? ''}${value}${closing}${tail}`;
  return { text, kind: type, finding: { type, start, end: start + value.length } };
}

/** So many texts of each type, then so many of each kind of hard negative. */
export function syntheticPii(seed: number, ofEachType: number, ofEachKind: number): LabelledText[] {
  const choose = choicesFrom(seed);
  const types = piiTypeSchema.options;
  const positives = types.flatMap((type) => Array.from({ length: ofEachType }, () => labelled(type, choose)));
  const negatives = Object.entries(hardNegatives).flatMap(([kind, make]) =>
    Array.from({ length: ofEachKind }, () => ({ text: make(choose), kind })),
  );
  return [...positives, ...negatives];
}

export interface TypeScore {
  readonly positives: number;
  readonly found: number;
  /** Findings of this type that are no value of this type. */
  readonly wrong: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * By type. A value counts as found when a finding of its type covers it and at most two characters more on either side;
 * every other finding of a type is wrong, also one of another type within a labelled value.
 */
export function scoreTypes(
  set: readonly LabelledText[],
  scan: (
    text: string,
    index: number,
  ) => readonly { readonly type: string; readonly start: number; readonly end: number }[],
): Map<string, TypeScore> {
  const counts = new Map(Object.keys(values).map((type) => [type, { positives: 0, found: 0, wrong: 0 }]));
  for (const [index, { text, finding }] of set.entries()) {
    let matched = false;
    for (const { type, start, end } of scan(text, index)) {
      const one = counts.get(type);
      const covers =
        finding?.type === type &&
        start <= finding.start &&
        end >= finding.end &&
        finding.start - start <= 2 &&
        end - finding.end <= 2;
      if (one !== undefined) {
        one.found += covers ? 1 : 0;
        one.wrong += covers ? 0 : 1;
      }
      matched ||= covers;
    }
    const own = finding === undefined ? undefined : counts.get(finding.type);
    if (own !== undefined) {
      own.positives += 1;
    }
  }
  return new Map(
    [...counts].map(([type, { positives, found, wrong }]) => {
      return [type, { positives, found, wrong, recall: found / positives, precision: found / (found + wrong) }];
    }),
  );
}
