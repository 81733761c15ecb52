// Whom the candidate must beat: all baselines, or the flagship and the cheapest that is good enough to replace it.
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Comparison } from '../domain/verdict.ts';
import { compare, type Contestant } from './compare.ts';
import { costPerRow } from './cost-per-row.ts';

/** The arms that decide, and how they were chosen. */
export interface DecidingArms {
  readonly arms: readonly Contestant[];
  /** The baseline whose cost is the measure of the candidate's; undefined where each deciding baseline is. */
  readonly cheapestSufficient?: Contestant;
  /** Why the cheapest of the sufficient baselines cannot be named; undefined when it can. */
  readonly unknown?: string;
  /** How they were chosen, a sentence without its full stop; undefined where every baseline decides. */
  readonly remark?: string;
}

interface Field {
  readonly policy: GateRecipe;
  readonly suite: string;
  readonly others: readonly Contestant[];
  readonly usdPerHour: number | undefined;
}

/**
 * A champion always decides. Of the baselines, with `against: all`, every one. Otherwise the flagship (the one marked
 * so, or the first), and of the baselines that are non-inferior to the flagship by the policy's own interval and margin
 * the cheapest by row, if it is cheaper than the flagship. When the cost of the flagship or of a sufficient baseline is
 * unknown, all sufficient ones decide, and the verdict says why.
 */
export function decidingArms(field: Field): DecidingArms {
  const { policy, others } = field;
  const baselines = others.filter(({ arm }) => arm.kind === 'baseline');
  const champions = others.filter(({ arm }) => arm.kind === 'champion');
  const flagship = baselines.find(({ arm }) => arm.flagship === true) ?? baselines[0];
  if (policy.against === 'all' || flagship === undefined) {
    return { arms: others.filter((other) => baselines.includes(other) || champions.includes(other)) };
  }
  const chosen = besideFlagship(field, flagship, baselines);
  const arms = new Set([flagship, ...chosen.arms, ...champions]);
  return { ...chosen, arms: others.filter((other) => arms.has(other)) };
}

function besideFlagship(field: Field, flagship: Contestant, baselines: readonly Contestant[]): DecidingArms {
  const { policy, suite, usdPerHour } = field;
  const sufficient = baselines.filter((baseline) => {
    if (baseline === flagship) {
      return false;
    }
    const { conclusion } = compareBaselines(baseline, flagship, { ...policy, rule: 'non_inferior' }, suite);
    return conclusion === 'superior' || conclusion === 'non_inferior';
  });
  const named = `the flagship is ${flagship.arm.label}`;
  if (sufficient.length === 0) {
    return {
      arms: [],
      cheapestSufficient: flagship,
      remark: `${named}, and no other baseline was shown to be as good`,
    };
  }
  const costs = [flagship, ...sufficient].map((baseline) => ({ baseline, cost: costPerRow(baseline, usdPerHour) }));
  const whys = costs.flatMap(({ cost }) => (cost.usd === null ? [cost.why] : []));
  if (whys.length > 0) {
    return {
      arms: sufficient,
      unknown: `the cheapest sufficient baseline cannot be named: ${whys.join('; ')}`,
      remark: `${named}; every baseline that is as good decides as well`,
    };
  }
  const cheapest = costs.reduce((best, each) => ((each.cost.usd ?? 0) < (best.cost.usd ?? 0) ? each : best)).baseline;
  return {
    arms: [cheapest],
    cheapestSufficient: cheapest,
    remark:
      cheapest === flagship
        ? `${named}, which is also the cheapest of those that are as good`
        : `${named}; the cheapest baseline that is not worse is ${cheapest.arm.label}`,
  };
}

/** On the rows that both have answered: a sequential policy may have stopped asking either. */
function compareBaselines(baseline: Contestant, flagship: Contestant, policy: GateRecipe, suite: string): Comparison {
  const rows = Math.min(baseline.results.length, flagship.results.length);
  const cut = (side: Contestant): Contestant => ({ ...side, results: side.results.slice(0, rows) });
  return compare(cut(baseline), cut(flagship), policy, suite);
}
