// What one policy has that another has not, for people.
import { canonicalJson } from '../domain/canonical.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Verdict } from '../domain/verdict.ts';

/**
 * The policy that a verdict was made by. Records of version 0.1.0 do not hold it: their comparisons tell metric,
 * margin and confidence, and the rest is not known.
 */
export function recordedPolicy({ policy, rule, deciding: [first] }: Verdict): Partial<GateRecipe> {
  if (policy !== null) {
    return policy;
  }
  return first === undefined
    ? { rule }
    : { rule, metric: first.metric, margin: first.margin, confidence: first.confidence };
}

/** "margin 0.05 instead of 0.03", one a field, for every field in which the policy differs from what was recorded. */
export function policyChanges(policy: GateRecipe, recorded: Partial<GateRecipe>): string[] {
  const before = new Map(Object.entries(recorded));
  const after = new Map(Object.entries(policy));
  const fields = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return fields.flatMap((field) => {
    const [was, is] = [text(before.get(field)), text(after.get(field))];
    return was === is ? [] : [`${field} ${is} instead of ${was}`];
  });
}

function text(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  return typeof value === 'string' ? value : canonicalJson(value);
}
