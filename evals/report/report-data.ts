// Everything the report shows. Plain data: the renderer fetches nothing and reads no clock.
import type { DatasetManifest } from '../../domain/dataset.ts';
import type { JudgementSummary } from '../../domain/judgement.ts';
import type { PromoteResult } from '../../domain/registry.ts';
import type { Scorecard } from '../../domain/scorecard.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import type { SweepEntry } from '../../domain/sweep.ts';
import type { Task } from '../../domain/task.ts';
import type { TokenStatistics } from '../../domain/token-statistics.ts';
import type { ProgressLine, TrainResult } from '../../domain/training.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Answers } from './answers.ts';

/** One arm's scorecard and its answers in the order of the test rows. */
export interface ReportArm {
  readonly scorecard: Scorecard;
  readonly answers: Answers;
}

/** What the judges said of the candidate and one other arm. */
export interface ReportJudgement {
  readonly summary: JudgementSummary;
  /** For each row from −1 (the other arm) to 1 (the candidate); NaN where nothing was judged. */
  readonly preferences: Float64Array;
}

/** One stage with the wall-clock seconds it took when it ran. */
export interface ReportStage {
  readonly stage: string;
  readonly seconds: number;
}

/** One artefact that the verdict rests on. */
export interface LineageEntry {
  /** For people: "recipe", "source icd10-cm.csv", "adapter". */
  readonly what: string;
  /** Name, key or path. */
  readonly id: string;
  /** Digest in hexadecimal. */
  readonly sha256: string;
}

/** What a run did besides the contest. */
export interface TrainedRun {
  readonly promotion: PromoteResult | null;
  readonly dataset: DatasetManifest;
  readonly training: TrainResult;
  /** The candidates of a sweep; null when the run had one. */
  readonly sweep: readonly SweepEntry[] | null;
  readonly progress: readonly ProgressLine[];
  /** What the trainer counted; null where it told nothing. */
  readonly tokens: TokenStatistics | null;
}

/** Input of the report: a contest, and the run that led to it where there was one. */
export interface ReportData {
  /** Name of the recipe or of the suite. */
  readonly title: string;
  /** Run key, or the key of the evaluation. */
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly task: Task;
  readonly verdict: Verdict;
  /** In the order in which they are to be shown; one is the candidate. */
  readonly arms: readonly ReportArm[];
  /** The test rows, in the order of the answers. */
  readonly rows: readonly SuiteRow[];
  /** Empty when no judges took part. */
  readonly judged: readonly ReportJudgement[];
  readonly stages: readonly ReportStage[];
  readonly lineage: readonly LineageEntry[];
  /** Null when nothing was trained: two endpoints were compared. */
  readonly run: TrainedRun | null;
}
