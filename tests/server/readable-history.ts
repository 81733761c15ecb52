// A workflow's history as text that can be searched.

/** Everything of a history as text: payloads are bytes, and would otherwise hide what they hold. */
export function readable(value: unknown): string {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('utf8');
  }
  if (Array.isArray(value)) {
    return value.map((item) => readable(item)).join('\n');
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value)
        .map((item) => readable(item))
        .join('\n')
    : String(value);
}
