// An evaluation in this process: no Temporal, no workers, no accelerator.
import { keepSuiteRows } from '../activities/asked-suite.ts';
import { evaluateSuite, type EvaluationWatch } from '../activities/evaluate-suite.ts';
import type { EvaluationInput, EvaluationOutcome } from '../domain/evaluation.ts';
import type { SuiteRow } from '../domain/suite.ts';
import type { ObjectStore } from '../registry/store.ts';
import { endpointDeps } from './endpoint-deps.ts';
import type { Settings } from './settings.ts';

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
