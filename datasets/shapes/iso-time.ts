// The moment of a row: whatever the source writes, as ISO 8601 in UTC.

const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/u;
/** Of fewer digits, text is more likely a year or a date: `2026`, `20260131`. */
const secondsPattern = /^\d{9,11}(?:\.\d{1,9})?$/u;

/** The first second of the year 10000, which four digits of a year cannot say. */
const endOfTime = 253_402_300_800;

/**
 * `2026-01-31T12:00:00.000Z` of an ISO 8601 date or date-time (without a zone it is UTC), of a Date, or of seconds
 * since 1970 as a number or its text. Undefined for anything else, such as milliseconds or a 30 February.
 */
export function isoTime(value: unknown): string | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return ofSeconds(Number(value));
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  const text = value.trim();
  if (secondsPattern.test(text)) {
    return ofSeconds(Number(text));
  }
  const match = isoPattern.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const moment = new Date(local);
  // Date.UTC lets overflows run on; a 30 February is a mistake.
  const day0 = [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate()];
  const stands = day0[0] === Number(year) && day0[1] === Number(month) && day0[2] === Number(day);
  if (!(stands && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60)) {
    return undefined;
  }
  const offset = zoneMinutes(zone);
  return offset === undefined ? undefined : iso(local - offset * 60_000 + Number(fraction.slice(0, 3).padEnd(3, '0')));
}

function ofSeconds(seconds: number): string | undefined {
  return seconds >= 0 && seconds < endOfTime ? iso(Math.round(seconds * 1000)) : undefined;
}

function iso(milliseconds: number): string | undefined {
  return milliseconds >= -62_167_219_200_000 && milliseconds < endOfTime * 1000
    ? new Date(milliseconds).toISOString()
    : undefined;
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') {
    return 0;
  }
  const digits = zone.replace(':', '');
  const [hours, minutes] = [Number(digits.slice(1, 3)), Number(digits.slice(3, 5))];
  if (hours > 23 || minutes > 59) {
    return undefined;
  }
  return (digits.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
