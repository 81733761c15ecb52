// Everything the report shows. Plain data: the renderer fetches nothing and reads no clock.
import type { SuiteRow } from '../../domain/suite.ts';
import type { DatasetManifest } from '../../domain/dataset.ts';
import type { PromoteResult } from '../../domain/registry.ts';
import type { RowResult, Scorecard } from '../../domain/scorecard.ts';
import type { SweepEntry } from '../../domain/sweep.ts';
import type { ProgressLine, TrainResult } from '../../domain/training.ts';
import type { Verdict } from '../../domain/verdict.ts';

/** One arm's scorecard and its answers in the order of the test rows. */
interface ReportArm {
  readonly scorecard: Scorecard;
  readonly results: readonly RowResult[];
}

/** One stage of the run with the wall-clock seconds it took when it ran. */
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

/** Input of the report. */
export interface ReportData {
  readonly recipeName: string;
  readonly runKey: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly verdict: Verdict;
  readonly promotion: PromoteResult | null;
  /** In the order in which they are to be shown. */
  readonly arms: readonly ReportArm[];
  /** The test rows, in the order of the results. */
  readonly rows: readonly SuiteRow[];
  readonly dataset: DatasetManifest;
  readonly training: TrainResult;
  /** The candidates of a sweep; null when the run had one. */
  readonly sweep: readonly SweepEntry[] | null;
  readonly progress: readonly ProgressLine[];
  readonly stages: readonly ReportStage[];
  readonly lineage: readonly LineageEntry[];
}
