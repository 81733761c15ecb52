// Which score of a log is compared, and which metric of ours it is.
import { BadInput } from '../../domain/bad-input.ts';
import type { Metric } from '../../domain/metrics.ts';
import type { ImportedArm } from './imported-arm.ts';

/** A score by its name in the logs, and what it is here. */
export interface ChosenScore {
  readonly name: string;
  readonly metric: Metric;
}

/** What logs call their usual scores, taken in this order when nobody says which. */
const usual = ['exact_match', 'exact', 'passed', 'acc', 'match'];

/** Scores that are the same thing here. */
const sameAsOurs: Readonly<Record<string, Metric>> = {
  exact_match: 'exact_match',
  exact: 'exact_match',
  rouge1: 'rouge_1',
  rouge2: 'rouge_2',
  rougeL: 'rouge_l',
};

/**
 * Takes the score that is asked for, else the only one that all arms have, else a usual one. A score that is not
 * known under a name of ours is `passed` when every value is 0 or 1, else `mean_score`.
 *
 * Throws BadInput when no score or several fit, and when a value is no number from 0 to 1.
 */
export function chooseScore(arms: readonly ImportedArm[], wanted?: string): ChosenScore {
  const name = scoreName(arms, wanted);
  let graded = false;
  for (const { label, rows } of arms) {
    for (const { id, scores, answer } of rows) {
      const score = scores[name];
      if (answer !== null && !(score !== undefined && score >= 0 && score <= 1)) {
        throw new BadInput(`row ${id} has the ${name} ${score ?? 'missing'}, which is no number from 0 to 1`, {
          where: label,
          hint: 'a missing score is no score: evaluate that row again, or choose another score with --metric',
        });
      }
      graded ||= score !== undefined && score !== 0 && score !== 1;
    }
  }
  const known = sameAsOurs[name];
  if (known === 'exact_match') {
    return { name, metric: graded ? 'mean_score' : known };
  }
  return { name, metric: known ?? (graded ? 'mean_score' : 'passed') };
}

function scoreName(arms: readonly ImportedArm[], wanted: string | undefined): string {
  const each = arms.map((arm) => ({ label: arm.label, names: namesOf(arm) }));
  const common = [...(each[0]?.names ?? [])].filter((name) => each.every(({ names }) => names.has(name))).toSorted();
  const choices = common.length === 0 ? 'the logs have no score in common' : `they have ${common.join(', ')}`;
  if (wanted !== undefined) {
    const without = each.find(({ names }) => !names.has(wanted));
    if (without !== undefined) {
      throw new BadInput(`${without.label} has no score ${wanted}`, { where: '--metric', hint: choices });
    }
    return wanted;
  }
  const found = common.length === 1 ? common[0] : usual.find((name) => common.includes(name));
  if (found === undefined) {
    throw new BadInput(`it is not clear which score of the logs to compare: ${choices}`, {
      where: '--metric',
      hint: common.length === 0 ? 'compare logs of one task' : `choose one, for example --metric ${common[0]}`,
    });
  }
  return found;
}

function namesOf({ rows }: ImportedArm): Set<string> {
  return new Set(rows.flatMap(({ scores }) => Object.keys(scores)));
}
