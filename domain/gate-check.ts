// What the gate looks at besides the scores: each check with what was measured, the limit, and what that means.
import { z } from 'zod';

export const gateCheckSchema = z.strictObject({
  check: z.enum([
    'min_rows',
    'completeness',
    'leakage',
    'adapter_effect',
    'better_than_base',
    'critical_slices',
    'latency',
    'cost',
    'parse_failures',
    'forgetting',
    'refusals',
    'judge',
    'objection',
  ]),
  outcome: z
    .enum(['passed', 'failed', 'unknown'])
    .describe('`unknown`: it was asked for and could not be measured; that holds a verdict as a failure does.'),
  measured: z.number().nullable().describe('Null when nothing could be measured, or there is no number.'),
  limit: z.number().nullable().describe('What `measured` had to keep; null where the check has no number.'),
  unit: z.string().describe('Unit of both, for example "rows", "ms", "share"; empty where there is none.'),
  sentence: z.string().describe('For people, without a full stop; of a check that did not pass it is the veto.'),
});
export type GateCheck = z.infer<typeof gateCheckSchema>;
export type CheckName = GateCheck['check'];
