// The port of an analyzer that is asked beside our own scan, and what of its words means which of ours.
import type { PiiFinding } from './finding.ts';
import type { PiiType } from '../../domain/recipe-pii.ts';

/** Findings of one text in UTF-16 units; undefined where the analyzer fails at this text whatever stands around it. */
export type AnalyzedText = readonly PiiFinding[] | undefined;

export interface TextAnalyzer {
  /** One result a text, in order. Rejects when the analyzer cannot be reached or answers nothing at all. */
  readonly analyseTexts: (texts: readonly string[], signal: AbortSignal) => Promise<AnalyzedText[]>;
}

/** Entities of Presidio's predefined recognizers (https://microsoft.github.io/presidio/supported_entities/). */
const ours: Readonly<Record<string, PiiType>> = {
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  IBAN_CODE: 'iban',
  CREDIT_CARD: 'credit_card',
  US_SSN: 'ssn',
  IP_ADDRESS: 'ip',
  MEDICAL_RECORD_NUMBER: 'medical_record',
};
const nationalIds =
  /^(?:US_(?:ITIN|PASSPORT|DRIVER_LICENSE|MBI)|UK_(?:NHS|NINO|PASSPORT|DRIVING_LICENCE)|ES_(?:NIF|NIE|PASSPORT)|IT_(?:FISCAL_CODE|IDENTITY_CARD|PASSPORT|DRIVER_LICENSE)|PL_PESEL|SG_NRIC_FIN|AU_(?:TFN|MEDICARE)|CA_SIN|DE_(?:TAX_ID|SOCIAL_SECURITY|HEALTH_INSURANCE|PASSPORT|ID_CARD|FUEHRERSCHEIN)|IN_(?:PAN|AADHAAR|PASSPORT|VOTER)|FI_PERSONAL_IDENTITY_CODE|KR_(?:RRN|PASSPORT|FRN|DRIVER_LICENSE)|NG_NIN|PH_(?:PASSPORT|UMID)|SE_PERSONNUMMER|TH_TNIN|TR_NATIONAL_ID|ZA_(?:ID_NUMBER|PASSPORT|DRIVER_LICENSE))$/u;

/** Our type for an entity, or its own name in lower case: PERSON becomes `person`. What is no name becomes `other`. */
export function typeOfEntity(entity: string): string {
  if (Object.hasOwn(ours, entity)) {
    return ours[entity] ?? unnamed;
  }
  const name = entity.toLowerCase();
  return nationalIds.test(entity) ? 'national_id' : ownName.test(name) ? name : unnamed;
}

/** Types become placeholders and keys of counts: a server's other words do not. */
const ownName = /^[a-z][a-z0-9_]{0,39}$/u;
const unnamed = 'other';

/**
 * Gives the place in UTF-16 units of a place in code points, as Python counts: characters beyond U+FFFF are two units.
 * Asked for rising places it walks the text once.
 */
export function utf16Places(text: string): (codePoints: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) {
    return (codePoints) => codePoints;
  }
  const places: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    places.push(index);
    if ((text.codePointAt(index) ?? 0) > 0xff_ff) {
      index += 1;
    }
  }
  places.push(text.length);
  return (codePoints) => places[codePoints] ?? Number.NaN;
}
