// Arms that were found in different places get ids that are theirs alone, and the part they play.
import type { Arm, ArmKind } from '../domain/scorecard.ts';
import type { Contestant } from './compare.ts';
import type { ImportedArm } from './imports/imported-arm.ts';

/** An arm of the object store. */
export interface StoredArm {
  readonly from: 'store';
  readonly label: string;
  readonly as: ArmKind;
  readonly contestant: Contestant;
  /** Digest of the stored scorecard. */
  readonly sha256: string;
}

/** An arm of another tool's log. */
export interface LoggedArm {
  readonly from: 'log';
  readonly label: string;
  readonly as: ArmKind;
  readonly arm: ImportedArm;
  /** Digest and size of the log file. */
  readonly sha256: string;
  readonly bytes: number;
}

export type FoundArm = StoredArm | LoggedArm;

/** A found arm as it takes part. */
export interface NamedArm {
  readonly arm: Arm;
  readonly found: FoundArm;
}

/** Ids are those of the store, or made of the label; a second one of the same name gets a number. */
export function nameArms(found: readonly FoundArm[]): NamedArm[] {
  const taken = new Set<string>();
  return found.map((each) => {
    const wanted = each.from === 'store' ? each.contestant.arm.id : slug(each.label);
    let id = wanted;
    for (let number = 2; taken.has(id); number += 1) {
      id = `${wanted.slice(0, 72)}-${number}`;
    }
    taken.add(id);
    const arm: Arm =
      each.from === 'store'
        ? { ...each.contestant.arm, id, kind: each.as, label: each.label }
        : {
            id,
            kind: each.as,
            label: each.label,
            provider: 'imported',
            model: each.arm.model,
            shots: 0,
            standIn: false,
            maxConcurrency: 1,
          };
    return { arm, found: each };
  });
}

function slug(label: string): string {
  const plain = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/gu, '')
    .slice(-72);
  return /^[a-z0-9]/u.test(plain) ? plain : `arm-${plain.replaceAll(/^[-.]+/gu, '')}`;
}
