// Where the registry log lies in the object store.

export const logPrefix = 'registry/log/';

/** Names the last entry a writer knew of: a hint, never the truth. */
export const headKey = 'registry/head.json';

/** Key of one log entry: twelve digits, so that keys sort like numbers. */
export function logKey(seq: number): string {
  return `${logPrefix}${String(seq).padStart(12, '0')}.json`;
}
