// Numbers and names as people read them.

/** A share as "43.8 %". */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** A difference of shares in points, with its sign: "+9.4". */
export function signedPoints(share: number): string {
  const text = (share * 100).toFixed(1);
  if (Number(text) === 0) {
    return '0.0';
  }
  return share > 0 ? `+${text}` : text.replace('-', '−');
}

/** A whole number with thousands separated: "12,345". */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Seconds as "0.8 s", "42 s" or "3 min 58 s". */
export function duration(seconds: number): string {
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const rounded = Math.round(seconds);
  if (rounded < 60) {
    return `${rounded} s`;
  }
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor((rounded % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${rounded % 60} s`;
}

/** Milliseconds as "85 ms" or "1.2 s". */
export function latency(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** US dollars with enough digits for small sums; null is "no price stated". */
export function dollars(usd: number | null): string {
  if (usd === null) {
    return 'no price stated';
  }
  return `$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)}`;
}

/** Bytes in binary units: "1.4 GiB". */
export function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${power === 0 ? count : (count / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

/** At most `limit` characters, never half a character; says how much was left out. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  return `${text
    .slice(0, limit)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}… (${whole(text.length)} characters)`;
}

/** Keeps "43.8 %" and "p = 0.03" on one line. */
export function unbroken(sentence: string): string {
  return sentence.replaceAll(' %', '\u00A0%').replaceAll(/\bp ([=<]) /gu, 'p\u00A0$1\u00A0');
}
