// The arms of a comparison as JSON: what a log did not measure is null, and no zero.
import type { Contestant } from '../evals/compare.ts';
import { measuredOf } from '../evals/imports/row-results.ts';
import type { FoundArm } from '../evals/name-arms.ts';

/** One entry an arm, in the order of both lists. */
export function armsJson(contestants: readonly Contestant[], found: readonly FoundArm[]): object[] {
  return contestants.map(({ arm, scorecard }, index) => {
    const source = found[index];
    const log = source?.from === 'log' ? source.arm : undefined;
    const measured = log === undefined ? { latency: true, tokens: true } : measuredOf(log);
    return {
      id: arm.id,
      kind: arm.kind,
      label: arm.label,
      model: arm.model,
      source: { tool: log?.tool ?? 'contender', version: log?.version ?? null, sha256: source?.sha256 ?? null },
      n: scorecard.n,
      metrics: scorecard.metrics,
      parseFailures: scorecard.parseFailures,
      errors: scorecard.errors,
      latencyMs: measured.latency && scorecard.latencyMs.p50 > 0 ? scorecard.latencyMs : null,
      tokens: measured.tokens ? scorecard.tokens : null,
      costUsd: scorecard.costUsd,
    };
  });
}
