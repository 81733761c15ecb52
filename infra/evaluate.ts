// An evaluation in this process: no Temporal, no workers, no accelerator.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { keepSuiteRows } from '../activities/asked-suite.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { evaluateSuite, type EvaluationWatch } from '../activities/evaluate-suite.ts';
import { BadInput } from '../domain/bad-input.ts';
import type { EvaluationInput, EvaluationOutcome } from '../domain/evaluation.ts';
import type { SuiteRow } from '../domain/suite.ts';
import type { ObjectStore } from '../registry/store.ts';
import { secretOf } from './secrets.ts';
import { packageRoot, type Settings } from './settings.ts';

/** `rows` are those of the suite, which the caller has read and stored. */
export async function evaluate(
  settings: Settings,
  store: ObjectStore,
  { input, rows }: { readonly input: EvaluationInput; readonly rows: readonly SuiteRow[] },
  watch: EvaluationWatch,
): Promise<EvaluationOutcome> {
  await keepSuiteRows(store, input.suite, rows);
  return await evaluateSuite(endpointDeps(settings, store), input, watch);
}

/** Enough to ask endpoints; whatever needs a machine of our own says that there is none. */
export function endpointDeps({ home, python, environment }: Settings, store: ObjectStore): ActivityDeps {
  return {
    store,
    workFolder: join(home, 'work'),
    python,
    trainerRoot: packageRoot,
    hostname: hostname(),
    gpus: {
      list: () => Promise.resolve([]),
      lease: () => unavailable('GPU'),
      release: () => Promise.resolve(),
    },
    launcherOf: () => unavailable('launcher'),
    findBase: () => unavailable('base model'),
    fetchBase: () => unavailable('base model'),
    secret: (name) => secretOf(environment, name),
    now: () => new Date(),
  };
}

function unavailable(what: string): never {
  throw new BadInput(`an evaluation of endpoints has no ${what}`);
}
