// Arms from anywhere, scorecards of the store and logs of other tools, become one contest on the same rows.
import { BadInput } from '../domain/bad-input.ts';
import { hashOf } from '../domain/canonical.ts';
import { metricFacts, metricSchema, type Metric } from '../domain/metrics.ts';
import type { Arm, RowResult } from '../domain/scorecard.ts';
import { alignRows, type ArmRows } from './align-rows.ts';
import type { Contestant } from './compare.ts';
import { nameArms, type FoundArm, type LoggedArm, type NamedArm, type StoredArm } from './name-arms.ts';
import { chooseScore, type ChosenScore } from './imports/choose-score.ts';
import { rowResults } from './imports/row-results.ts';
import { buildScorecard } from './scorecard.ts';

/** What the user chose. */
export interface ContestChoice {
  /** A metric of ours, or a score of the logs. */
  readonly metric?: string | undefined;
  /** Field of the logs whose values are clusters. */
  readonly cluster?: string | undefined;
}

export interface ContestOfArms {
  /** Digest of what all arms answered. */
  readonly suite: string;
  readonly metric: Metric;
  readonly candidate: Contestant;
  readonly others: readonly Contestant[];
  /** Digest of the stored scorecard of each arm that has one, by arm id; of a log its scorecard holds the digest. */
  readonly digests: ReadonlyMap<string, string>;
  readonly remarks: readonly string[];
}

/**
 * The first arm is the candidate. Throws BadInput when the arms did not answer the same rows or suite, when it is not
 * clear which score to compare, and when the metric is not there.
 */
export function contestOfArms(found: readonly FoundArm[], choice: ContestChoice): ContestOfArms {
  const named = nameArms(found);
  const logs = found.filter((each) => each.from === 'log');
  const stored = found.filter((each) => each.from === 'store');
  const contest = logs.length === 0 ? storedContest(named, choice) : mixedContest(named, logs, stored, choice);
  const [candidate, ...others] = contest.contestants;
  if (candidate === undefined || others.length === 0) {
    throw new BadInput('there is nobody to compare with', {
      hint: 'name a second arm, or a file or run that has several',
    });
  }
  for (const { arm, scorecard } of contest.contestants) {
    if (scorecard.metrics[contest.metric] === undefined) {
      throw new BadInput(`${arm.label} was not scored by ${contest.metric}`, {
        where: '--metric',
        hint: `its scorecard has ${Object.keys(scorecard.metrics).join(', ')}`,
      });
    }
  }
  return {
    suite: contest.suite,
    metric: contest.metric,
    candidate,
    others,
    digests: new Map(named.flatMap(({ arm, found: { from, sha256 } }) => (from === 'store' ? [[arm.id, sha256]] : []))),
    remarks: contest.remarks,
  };
}

interface Made {
  readonly suite: string;
  readonly metric: Metric;
  readonly contestants: readonly Contestant[];
  readonly remarks: readonly string[];
}

function storedContest(named: readonly NamedArm[], { metric = 'exact_match' }: ContestChoice): Made {
  const contestants = named.flatMap(({ arm, found }) =>
    found.from === 'store'
      ? [{ ...found.contestant, arm, scorecard: { ...found.contestant.scorecard, arm } } satisfies Contestant]
      : [],
  );
  const suite = contestants[0]?.scorecard.suite ?? '';
  const stranger = contestants.find(({ scorecard }) => scorecard.suite !== suite);
  if (stranger !== undefined) {
    throw new BadInput(`${stranger.arm.label} answered another suite than ${contestants[0]?.arm.label}`, {
      hint: 'scores are comparable only for the same rows, prompt, parser and scorers',
    });
  }
  const parsed = metricSchema.safeParse(metric);
  if (!parsed.success || metricFacts[parsed.data].shape === 'paired') {
    throw new BadInput(`scorecards cannot be compared by ${metric}`, {
      where: '--metric',
      hint: `they have ${Object.keys(contestants[0]?.scorecard.metrics ?? {}).join(', ')}`,
    });
  }
  return { suite, metric: parsed.data, contestants, remarks: [] };
}

function mixedContest(
  named: readonly NamedArm[],
  logs: readonly LoggedArm[],
  stored: readonly StoredArm[],
  choice: ContestChoice,
): Made {
  const byLabels = isLabelMetric(choice.metric);
  const logged = chooseScore(
    logs.map(({ arm }) => arm),
    byLabels || (stored.length > 0 && choice.metric === 'exact_match') ? undefined : choice.metric,
  );
  const score = stored.length === 0 ? logged : asExactMatch(logged);
  const metric = byLabels ? metricSchema.parse(choice.metric) : score.metric;
  const rows = named.map(({ arm, found }) => armRows(arm, found, score, choice.cluster));
  const [first] = rows;
  if (first === undefined) {
    throw new RangeError('there are no arms');
  }
  const groups = new Map(
    rows.flatMap(({ results }) => results.flatMap(({ rowId, group }) => (group === undefined ? [] : [[rowId, group]]))),
  );
  const aligned = rows.map((each) =>
    alignRows(first, each).map((result) => withGroup(result, groups.get(result.rowId))),
  );
  const suite = hashOf({
    rows: first.results.map(({ rowId, expected }) => [rowId, hashOf(expected)]),
    score: score.name,
  });
  const contestants = named.map(({ arm, found }, index) => {
    const results = aligned[index] ?? [];
    const ref =
      found.from === 'store'
        ? found.contestant.scorecard.results
        : { key: found.label, sha256: found.sha256, bytes: found.bytes };
    const scorecard = buildScorecard({
      arm,
      suite,
      rowIds: first.results.map(({ rowId }) => rowId),
      results,
      scorers: [...new Set([score.metric, metric])],
      seconds: found.from === 'store' ? found.contestant.scorecard.seconds : 0,
      resultsRef: ref,
    });
    return { arm, results, scorecard };
  });
  return { suite, metric, contestants, remarks: remarksOn(logs, stored, score) };
}

/** Metrics that need only the expected and the given label of each row. */
function isLabelMetric(metric: string | undefined): boolean {
  const parsed = metricSchema.safeParse(metric);
  return (
    parsed.success &&
    metricFacts[parsed.data].shape === 'corpus' &&
    metricFacts[parsed.data].tasks.includes('classification')
  );
}

/** Beside our own scorecards, a yes or no of a log stands where exact match does. */
function asExactMatch(score: ChosenScore): ChosenScore {
  if (score.metric !== 'passed' && score.metric !== 'exact_match') {
    throw new BadInput(`the score ${score.name} of the log has values between 0 and 1, exact match has none`, {
      where: '--metric',
      hint: 'a log can be compared with a scorecard by a score that is 0 or 1',
    });
  }
  return { ...score, metric: 'exact_match' };
}

function armRows(arm: Arm, found: FoundArm, score: ChosenScore, cluster: string | undefined): ArmRows {
  if (found.from === 'store') {
    return { label: arm.label, results: found.contestant.results };
  }
  return {
    label: arm.label,
    results: rowResults(found.arm, score, { cluster, slices: [] }),
    asked: { kind: found.arm.tool, digests: new Map(found.arm.rows.map(({ id, asked }) => [id, asked])) },
  };
}

function withGroup(result: RowResult, group: string | undefined): RowResult {
  return group === undefined ? result : { ...result, group };
}

function remarksOn(logs: readonly LoggedArm[], stored: readonly StoredArm[], score: ChosenScore): string[] {
  const failed = logs.flatMap(({ arm }) => arm.rows.filter(({ answer }) => answer === null)).length;
  return [
    `the score compared is ${score.name} of the logs`,
    ...(stored.length > 0 ? ['a log and a stored scorecard share rows and expected answers; prompts may differ'] : []),
    ...(failed > 0
      ? [`answers missing in the logs: ${failed}; they count as wrong, and the tool’s own mean may leave them out`]
      : []),
  ];
}
