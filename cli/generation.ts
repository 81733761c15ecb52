// Runs and evaluations of one key are numbered: a fresh one takes the next number.
import type { ObjectStore } from '../registry/store.ts';

/** The latest generation under a key: 1 (without suffix), 2, 3 …; 0 when there is none. */
export async function generationOf(store: ObjectStore, plainKey: string): Promise<number> {
  let latest = 0;
  for await (const key of store.list(`runs/${plainKey}`)) {
    const [, suffix] = /^[^/]*?(?:-(\d+))?\//u.exec(key.slice(`runs/${plainKey}`.length)) ?? [];
    latest = Math.max(latest, Number(suffix ?? 1));
  }
  return latest;
}
