// The nightly regression evaluation: its plan and its result.
import { z } from 'zod';
import type { ContestInput } from './stage-inputs.ts';
import type { RunTimeouts } from './run.ts';
import type { ScorecardRef } from './scorecard.ts';
import { blobRefSchema } from './refs.ts';

/** Argument of the scheduled workflow, fixed when the schedule is created. */
export interface NightlyInput {
  readonly recipeName: string;
  readonly route: string;
  readonly gpuQueue: string;
  readonly shardRows: number;
  readonly timeouts: RunTimeouts;
}

/** What one night asks: the champion of that moment, its stored evidence, and the arms to ask again. */
export interface NightlyPlan {
  readonly champion: string;
  readonly contest: Omit<
    ContestInput,
    'recipeName' | 'gpuQueue' | 'cacheEpoch' | 'timeouts' | 'reportTo' | 'shardRows'
  >;
}

export interface NightlyCompareInput {
  readonly nightKey: string;
  readonly champion: string;
  readonly recipe: ContestInput['recipe'];
  readonly scorecards: readonly ScorecardRef[];
}

/** One arm tonight against its stored scorecard: the same rows, so the difference is paired. */
export const armDriftSchema = z.strictObject({
  armId: z.string(),
  n: z.int().positive(),
  stored: z.number().describe('Exact match on file.'),
  tonight: z.number().describe('Exact match of this night.'),
  gained: z.int().describe('Rows wrong on file and right tonight.'),
  lost: z.int().describe('Rows right on file and wrong tonight.'),
  low: z.number(),
  high: z.number(),
  mcnemarP: z.number(),
  regressed: z.boolean().describe('True when the whole interval of the difference lies below zero.'),
});
export type ArmDrift = z.infer<typeof armDriftSchema>;

/** `runs/<night>/nightly.json`. */
export const nightlyResultSchema = z.strictObject({
  champion: z.string(),
  kind: z.enum(['steady', 'regressed']).describe('`regressed` when the champion lost, or its lead no longer holds.'),
  sentence: z.string(),
  drifts: z.array(armDriftSchema),
  verdict: z.enum(['promote', 'hold', 'reject']).describe('The gate, decided again on tonight’s answers.'),
  scorecards: z.record(z.string(), blobRefSchema),
});
export type NightlyResult = z.infer<typeof nightlyResultSchema>;
