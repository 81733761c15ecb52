// The suites beside a run's contest: what the candidate may have unlearnt, and what it must still refuse.
import { BadInput } from '../domain/bad-input.ts';
import { metricFacts, usualScorers } from '../domain/metrics.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { SidePlan } from '../domain/stage-inputs.ts';
import type { ObjectStore } from '../registry/store.ts';
import { loadSuite, storeSuite } from './load-suite.ts';
import { suitePath } from './shipped-suites.ts';

/** Loads and stores the suites that the gate's policy names. Throws BadInput when one is not as it should be. */
export async function guardSuites(store: ObjectStore, { gate }: Recipe): Promise<SidePlan[]> {
  const plans: SidePlan[] = [];
  for (const guard of ['forgetting', 'refusals'] as const) {
    const policy = gate[guard];
    if (policy !== undefined) {
      const loaded = await loadSuite(await suitePath(policy.suite ?? guard), store);
      const { name, task, scorers, rows } = loaded.suite;
      const [metric = usualScorers[task][0] ?? 'exact_match'] = scorers;
      if (metricFacts[metric].shape === 'paired') {
        throw new BadInput(`gate.${guard}: the suite ${name} is decided by judges, and only the contest is judged`, {
          where: loaded.path,
          hint: 'put another scorer first',
        });
      }
      plans.push({ guard, name, suite: await storeSuite(store, loaded), metric, rows: rows.length });
    }
  }
  return plans;
}
