// What an argument of `compare` names: arms of a run, a scorecard of the store, or arms in the log of another tool.
import { stat } from 'node:fs/promises';
import { BadInput } from '../domain/bad-input.ts';
import { blobKey } from '../domain/refs.ts';
import type { ArmKind } from '../domain/scorecard.ts';
import type { FoundArm } from '../evals/name-arms.ts';
import type { ObjectStore } from '../registry/store.ts';
import { readLog } from './read-log.ts';
import { armsOfRun, storedArm } from './stored-arms.ts';

/** The arms at one place, and the one that the argument names, if it names one. */
export interface FoundPlace {
  readonly reference: string;
  readonly arms: readonly FoundArm[];
  readonly named: FoundArm | undefined;
}

/**
 * `RUN`, `RUN#arm`, the digest of a scorecard, `FILE` or `FILE#arm`. A run alone names its candidate, a place with
 * one arm names that. Throws BadInput when there is nothing under the name, or no such arm.
 */
export async function findArms(store: ObjectStore, reference: string, fields: readonly string[]): Promise<FoundPlace> {
  const { place, armName } = await divide(reference);
  const arms = await armsAt(store, place, fields);
  if (armName === undefined) {
    const candidates = arms.filter((arm) => arm.from === 'store' && arm.as === 'candidate');
    const alone = arms.length === 1 ? arms : candidates;
    return { reference, arms, named: alone.length === 1 ? alone[0] : undefined };
  }
  const named = arms.find((arm) => namesOf(arm).includes(armName));
  if (named === undefined) {
    throw new BadInput(`there is no arm "${armName}"`, { where: place, hint: armList(arms) });
  }
  return { reference, arms, named };
}

/** The named arm. Throws BadInput that lists the arms when the argument leaves it open. */
export function namedArm({ reference, arms, named }: FoundPlace): FoundArm {
  if (named === undefined) {
    throw new BadInput(`${arms.length} arms are there; say which with #`, { where: reference, hint: armList(arms) });
  }
  return named;
}

function armList(arms: readonly FoundArm[]): string {
  return `its arms are ${arms.map((arm) => `"${namesOf(arm)[0] ?? ''}"`).join(', ')}`;
}

function namesOf(arm: FoundArm): string[] {
  return arm.from === 'store'
    ? [arm.contestant.arm.id, arm.contestant.arm.label]
    : [arm.arm.label, arm.arm.model].filter((name) => name !== '');
}

/** A file may have # in its name: then the whole is the file. */
async function divide(reference: string): Promise<{ place: string; armName?: string }> {
  const mark = reference.lastIndexOf('#');
  return mark <= 0 || (await isFile(reference))
    ? { place: reference }
    : { place: reference.slice(0, mark), armName: reference.slice(mark + 1) };
}

async function armsAt(store: ObjectStore, place: string, fields: readonly string[]): Promise<FoundArm[]> {
  if (await isFile(place)) {
    const { arms, sha256: digest, bytes } = await readLog(place, fields);
    return arms.map((arm) => ({ from: 'log', label: arm.label, as: 'baseline', arm, sha256: digest, bytes }));
  }
  const [, digest] = /^(?:blobs\/sha256\/[0-9a-f]{2}\/)?([0-9a-f]{64})$/u.exec(place) ?? [];
  if (digest !== undefined) {
    return [await storedArm(store, blobKey(digest), digest)];
  }
  const found = /^[a-z0-9][a-z0-9._-]*$/u.test(place) ? await armsOfRun(store, place) : undefined;
  if (found === undefined) {
    throw new BadInput('there is no such file, run or scorecard', {
      where: place,
      hint: 'name a run key with a finished evaluation, the digest of a scorecard, or a log of promptfoo, inspect_ai or lm-eval',
    });
  }
  return found;
}

/** The same arm in another part. */
export function playing(arm: FoundArm, as: ArmKind): FoundArm {
  return { ...arm, as };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
