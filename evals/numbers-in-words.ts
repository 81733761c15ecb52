// Numbers as reasons and sentences of a verdict write them.

/** A p value with two significant digits, as "p = 0.03" or "p < 0.001". */
export function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A share as points, without needless zeros: "3 points". */
export function points(share: number): string {
  return `${Number((share * 100).toFixed(1))} points`;
}

/** A difference in points with one decimal and a true minus sign, without a unit. */
export function signed(share: number): string {
  const text = (share * 100).toFixed(1);
  return Number(text) === 0 ? '0.0' : text.replace('-', '−');
}

/** "95 % CI −1.2 to 3.4", in points. */
export function range({ low, high, confidence }: { low: number; high: number; confidence: number }): string {
  return `${Number((confidence * 100).toFixed(1))} % CI ${signed(low)} to ${signed(high)}`;
}

/** "1,258 rows", "1 row". */
export function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
}
