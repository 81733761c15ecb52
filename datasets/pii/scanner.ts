// Finds personal data and secrets in a text: a quick pass tells which detectors have anything to look at.
import type { PiiRecipe, PiiType } from '../../domain/recipe-pii.ts';
import { findApiKeys } from './api-keys.ts';
import { isCardNumber } from './card-numbers.ts';
import { forEachRun, separatorBetween, type DigitRun } from './digit-runs.ts';
import { findEmails } from './emails.ts';
import { withoutOverlaps, type Found, type PiiFinding } from './finding.ts';
import { findIbans } from './ibans.ts';
import { findIpv4, findIpv6 } from './ip-addresses.ts';
import { findLetteredIds } from './lettered-ids.ts';
import { findMedicalRecords } from './medical-records.ts';
import { isNationalNumber, isSsn } from './national-numbers.ts';
import { beginsFree, endsFree } from './near-words.ts';
import type { NumberCandidate } from './number-candidate.ts';
import { createPhoneFinder } from './phone-numbers.ts';
import { findPrivateKeys } from './private-keys.ts';
import { signs, signsOf } from './text-signs.ts';
import { findUrlCredentials } from './url-credentials.ts';
import { compilePatterns } from './user-patterns.ts';

export interface PiiScanner {
  /** Sorted, without overlap. Never throws; takes time in proportion to the text. */
  readonly scan: (text: string) => PiiFinding[];
}

export type ScannerSettings = Pick<PiiRecipe, 'types' | 'patterns' | 'phone_regions'>;

const none: PiiFinding[] = [];
/** The longest numbers without letters are cards of 19 digits. */
const mostDigits = 19;

/** Throws BadInput for a pattern or a region that cannot be used. */
export function createPiiScanner(settings: ScannerSettings): PiiScanner {
  const wanted = (type: PiiType): boolean => settings.types?.includes(type) ?? true;
  const patterns = compilePatterns(settings.patterns);
  const findPhones = createPhoneFinder(settings.phone_regions);
  const only = {
    email: wanted('email'),
    phone: wanted('phone'),
    iban: wanted('iban'),
    card: wanted('credit_card'),
    ssn: wanted('ssn'),
    national: wanted('national_id'),
    ip: wanted('ip'),
    url: wanted('url_credentials'),
    apiKey: wanted('api_key'),
    privateKey: wanted('private_key'),
    medical: wanted('medical_record'),
  };
  const runs = only.phone || only.card || only.ssn || only.national;

  const scan = (text: string): PiiFinding[] => {
    const sign = signsOf(text);
    if (sign === 0 && patterns.length === 0) {
      return none;
    }
    const findings: PiiFinding[] = [];
    const found: Found = (type, start, end) => findings.push({ type, start, end });
    const when = (flag: number, on: boolean, find: (text: string, found: Found) => void): void => {
      if (on && (sign & flag) !== 0) {
        find(text, found);
      }
    };
    when(signs.at, only.email, findEmails);
    when(signs.url, only.url, findUrlCredentials);
    when(signs.someDigits, only.medical, findMedicalRecords);
    when(signs.manyDigits | signs.token, only.iban, findIbans);
    when(signs.manyDigits | signs.token, only.national, findLetteredIds);
    when(signs.dotted, only.ip, findIpv4);
    when(signs.colons, only.ip, findIpv6);
    when(signs.token, only.apiKey, findApiKeys);
    when(signs.dashes, only.privateKey, findPrivateKeys);
    if (runs && (sign & signs.manyDigits) !== 0) {
      forEachRun(text, 7, (run) => {
        findNumbers(text, run, only, found);
        if (only.phone) {
          findPhones(text, run, found);
        }
      });
    }
    for (const { name, pattern } of patterns) {
      for (const match of text.matchAll(pattern)) {
        if (match[0] !== '') {
          found(name, match.index, match.index + match[0].length);
        }
      }
    }
    return findings.length === 0 ? none : withoutOverlaps(findings);
  };
  return { scan };
}

/** Cards, social security and other national numbers among the stretches of a run. */
function findNumbers(
  text: string,
  run: DigitRun,
  only: { readonly card: boolean; readonly ssn: boolean; readonly national: boolean },
  found: Found,
): void {
  const count = run.starts.length;
  for (let first = 0; first < count; first += 1) {
    const start = run.starts[first] ?? 0;
    if (!beginsFree(text, start)) {
      continue;
    }
    let digits = '';
    let separator = '';
    const groups: number[] = [];
    for (let last = first; last < count; last += 1) {
      const end = run.ends[last] ?? 0;
      if (last > first) {
        const between = separatorBetween(text, run, last - 1);
        separator = last === first + 1 || separator === between ? between : 'mixed';
      }
      groups.push(end - (run.starts[last] ?? 0));
      digits += text.slice(run.starts[last], end);
      if (digits.length > mostDigits) {
        break;
      }
      if (digits.length < 9 || !endsFree(text, end)) {
        continue;
      }
      const type = typeOf({ text, start, end, digits, groups, separator }, only);
      if (type !== undefined) {
        found(type, start, end);
      }
    }
  }
}

function typeOf(
  candidate: NumberCandidate,
  only: { readonly card: boolean; readonly ssn: boolean; readonly national: boolean },
): PiiType | undefined {
  if (only.ssn && isSsn(candidate)) {
    return 'ssn';
  }
  if (only.national && isNationalNumber(candidate)) {
    return 'national_id';
  }
  return only.card && candidate.digits.length >= 12 && isCardNumber(candidate) ? 'credit_card' : undefined;
}
