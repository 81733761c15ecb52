// Synthetic report data for the tests of this folder: made up, and full of hostile text.
import { sha256 } from '../../domain/canonical.ts';
import { gateSchema } from '../../domain/recipe-gate.ts';
import type { Arm, RowResult } from '../../domain/scorecard.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Contestant } from '../compare.ts';
import { decide } from '../gate.ts';
import { createRandom } from '../statistics/random.ts';
import { syntheticArm, syntheticContestant, syntheticResult, syntheticSuite } from '../synthetic.ts';
import { collectAnswers } from './answers.ts';
import type { ReportArm, ReportData } from './report-data.ts';
import { syntheticJudgement } from './synthetic-judgement.ts';
import { syntheticRun } from './synthetic-run.ts';

/** Texts that must neither run, nor reorder the page, nor break its layout. */
export const hostileTexts = [
  `<script>alert('run')</script>`,
  `<img src=x onerror=alert(1)>`,
  `"><svg onload=alert(2)>`,
  `'-->]]></style></title><h1>out</h1>`,
  'override \u202E desrever \u2066 isolate',
  'bell \u0007 nul \u0000 escape \u001B[31mred',
  'תשובה מימין לשמאל',
  'long '.repeat(3000),
  `unbroken${'x'.repeat(400)}`,
  'two\nlines and a\ttab',
  '',
];

const words =
  'claim payment contract notice of the patient with acute chronic left right fracture tariff invoice party shall'.split(
    ' ',
  );

export interface SyntheticOptions {
  readonly rows?: number;
  /** Shares of right answers of the candidate and of the baseline. */
  readonly accuracy?: { readonly candidate: number; readonly baseline: number };
  readonly standIn?: boolean;
  readonly labels?: number;
  /** With a macro-F1, whose bootstrap takes most of the time. */
  readonly macroF1?: boolean;
  /** Without training: two endpoints were compared. */
  readonly evaluation?: boolean;
  /** With judges of candidate and baseline. */
  readonly judged?: boolean;
}

/** An arm that is right with this probability; every seventh wrong answer is hostile text, unreadable to the parser. */
function contestant(arm: Arm, options: Required<SyntheticOptions>, accuracy: number, seed: number): Contestant {
  const random = createRandom(seed);
  const pace = arm.kind === 'baseline' ? 700 : 90;
  const results = Array.from({ length: options.rows }, (_, index): RowResult => {
    const right = random() < accuracy;
    const label = (shift: number): string => `label ${(index + shift) % options.labels}`;
    const parsed = right ? label(0) : label(1 + Math.floor(random() * random() * (options.labels - 1)));
    const change: Partial<RowResult> = {
      expected: label(0),
      answer: parsed,
      parsed,
      slices: {
        length: ['short', 'medium', 'long'][index % 3] ?? '',
        origin: index % 29 === 0 ? '<b>scan</b>' : 'typed',
      },
      latencyMs: Math.round(pace * Math.exp(0.5 * (random() + random() + random() - 1.5)) * 10) / 10,
      ...(arm.kind === 'baseline' ? {} : { costUsd: null }),
    };
    if (!right && index % 7 === 0) {
      const failed =
        index % 5 === 0 && arm.kind !== 'baseline'
          ? { answer: null, error: 'HTTP 500 <i>upstream</i>', refused: index % 2 === 0 }
          : {};
      return syntheticResult(index, false, { ...change, answer: hostileText(index), parsed: null, ...failed });
    }
    return syntheticResult(index, right, change);
  });
  return syntheticContestant(arm, results, options.macroF1 ? ['exact_match', 'macro_f1'] : ['exact_match']);
}

function hostileText(index: number): string {
  return hostileTexts[index % hostileTexts.length] ?? '';
}

/** A contest of four arms; the numbers behind slices and checks are made up as well. */
export async function syntheticReport(options: SyntheticOptions = {}): Promise<ReportData> {
  const all: Required<SyntheticOptions> = {
    rows: 160,
    accuracy: { candidate: 0.47, baseline: 0.31 },
    standIn: true,
    labels: 5,
    macroF1: false,
    evaluation: false,
    judged: false,
    ...options,
  };
  const standIn = {
    label: 'tfidf-logreg (stand-in)',
    model: 'tfidf-logreg',
    provider: 'stand-in',
    standIn: true,
  } as const;
  const candidate = contestant(syntheticArm('candidate'), all, all.accuracy.candidate, 11);
  const others = [
    contestant(syntheticArm('baseline', all.standIn ? standIn : {}), all, all.accuracy.baseline, 12),
    contestant(syntheticArm('base'), all, 0.01, 13),
    contestant(syntheticArm('few_shot'), all, 0.04, 14),
  ];
  const policy = gateSchema.parse({ max_latency_p95_ms: 1500 });
  const decided = decide({ policy, suite: syntheticSuite, candidate, others });
  const verdict = { ...decided, ...syntheticFindings(candidate, others[0] ?? candidate) };
  const promoted = { outcome: 'won', modelVersion: 'synthetic@0123456789ab', route: 'synthetic/task', seq: 4 } as const;
  return {
    title: all.evaluation ? 'synthetic-suite' : 'synthetic-recipe',
    key: sha256('run').slice(0, 16),
    createdAt: '2026-01-02T03:04:05.000Z',
    task: 'classification',
    verdict,
    arms: await Promise.all([candidate, ...others].map((each) => reportArm(each))),
    rows: candidate.results.map((result, index) => syntheticRow(result, index)),
    judged: all.judged ? [syntheticJudgement(all.rows, 'baseline')] : [],
    stages: [
      { stage: 'curate', seconds: 2.1 },
      { stage: 'train', seconds: 238.4 },
      { stage: 'evaluate', seconds: 61.7 },
    ],
    lineage: ['recipe', 'source synthetic.csv', 'dataset manifest', 'base', 'adapter', 'verdict'].map((what) => ({
      what,
      id: `blobs/sha256/${what.replaceAll(' ', '-')}`,
      sha256: sha256(what),
    })),
    run: all.evaluation ? null : syntheticRun(all.rows, verdict.kind === 'promote' ? promoted : null),
  };
}

async function reportArm({ scorecard, results }: Contestant): Promise<ReportArm> {
  return {
    scorecard,
    answers: await collectAnswers(
      results,
      results.map(({ rowId }) => rowId),
      'exact_match',
    ),
  };
}

function syntheticRow({ rowId, expected }: RowResult, index: number): SuiteRow {
  const random = createRandom(index);
  const text = Array.from({ length: 8 + (index % 40) }, () => words[Math.floor(random() * words.length)]).join(' ');
  return {
    id: rowId,
    input: index < 2 * hostileTexts.length ? hostileText(index) : `synthetic term ${index} ${text}`,
    output: expected,
    origin: { file: 'synthetic.csv', line: index + 2 },
  };
}

function mean(results: readonly RowResult[]): number {
  return results.reduce((sum, { score }) => sum + score, 0) / Math.max(1, results.length);
}

/** Checks, remarks and slices as a gate would record them. */
function syntheticFindings(
  candidate: Contestant,
  baseline: Contestant,
): Pick<Verdict, 'checks' | 'slices' | 'remarks' | 'multiplicity'> {
  const parts = [
    ['length', 'short'],
    ['length', 'medium'],
    ['length', 'long'],
    ['origin', 'typed'],
    ['origin', '<b>scan</b>'],
  ] as const;
  return {
    checks: [
      {
        check: 'min_rows',
        outcome: 'passed',
        measured: candidate.results.length,
        limit: 50,
        unit: 'rows',
        sentence: 'enough rows were answered',
      },
      {
        check: 'latency',
        outcome: 'passed',
        measured: 161,
        limit: 1500,
        unit: 'ms',
        sentence: 'the 95th percentile is within its limit',
      },
      {
        check: 'cost',
        outcome: 'passed',
        measured: 0.31,
        limit: 0.5,
        unit: 'share',
        sentence: 'a row costs 31 % of what it costs at the baseline',
      },
    ],
    slices: parts.map(([slice, value]) => {
      const inside = (result: RowResult): boolean => result.slices[slice] === value;
      const ours = candidate.results.filter(inside);
      const [own, other] = [mean(ours), mean(baseline.results.filter(inside))];
      const few = ours.length < 20;
      return {
        slice,
        value,
        armId: baseline.arm.id,
        critical: value === 'short',
        n: ours.length,
        candidate: own,
        other,
        difference: own - other,
        low: few ? null : own - other - 0.1,
        high: few ? null : own - other + 0.1,
        method: few ? null : 'Tango score interval',
        margin: 0.03,
        p: few ? null : 0.01,
        adjustedP: few ? null : 0.02,
        adjustment: value === 'short' ? 'holm' : 'benjamini_hochberg',
        conclusion: few ? 'too_few_rows' : 'non_inferior',
      };
    }),
    remarks: ['1 arm is a stand-in, which is no closed model'],
    multiplicity: 'Every deciding arm must pass, so that no part of the error rate is split.',
  };
}
