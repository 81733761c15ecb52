// contender compare CANDIDATE [OPPONENT…]: a verdict on answers that are there already, whoever asked for them.
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import { contestOfArms, type ContestOfArms } from '../evals/contest-of-arms.ts';
import { decide } from '../evals/gate.ts';
import type { FoundArm } from '../evals/name-arms.ts';
import type { ObjectStore } from '../registry/store.ts';
import { armsJson } from './arms-json.ts';
import { runCommand, type CommandContext } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { findArms, namedArm, playing, type FoundPlace } from './find-arms.ts';
import { addPolicyFlags, policyOf, type PolicyFlags } from './policy-flags.ts';
import { armsTable, exitCodeOf, verdictLines } from './verdict-text.ts';
import { addOutputFlags, writeOutputs, type OutputFlags } from './write-outputs.ts';

type CompareOptions = PolicyFlags & OutputFlags;

export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('decide between arms that were asked before: runs, scorecards, logs of promptfoo, inspect_ai, lm-eval')
    .argument('<candidate>', 'a run, a scorecard or a log; #arm names one of several arms')
    .argument(
      '[opponents...]',
      'what the candidate must not be worse than; every other arm of its run or log when left out',
    );
  addOutputFlags(addPolicyFlags(command)).action(
    async (candidate: string, opponents: string[], options: CompareOptions, self: Command) => {
      await runCommand(self, (context) => compareArms(context, candidate, opponents, options));
    },
  );
}

async function compareArms(
  { terminal, store }: CommandContext,
  candidate: string,
  opponents: readonly string[],
  options: CompareOptions,
): Promise<ExitCode> {
  const found = await findAll(store, candidate, opponents, options.cluster);
  const logged = found.some(({ from }) => from === 'log');
  const contest = contestOfArms(found, { metric: options.metric, cluster: options.cluster });
  // In a log the clusters were read already: they are the rows' groups now.
  const flags = { ...options, metric: contest.metric, ...(logged ? { cluster: 'group' } : {}) };
  const policy = policyOf(flags, {});
  const decided = decide({ policy, suite: contest.suite, candidate: contest.candidate, others: contest.others });
  const verdict = { ...decided, inputs: { ...decided.inputs, ...digestsOf(contest) } };
  const contestants = [contest.candidate, ...contest.others];
  const exitCode = exitCodeOf(verdict.kind);
  if (terminal.json) {
    terminal.result(
      JSON.stringify({ verdict, arms: armsJson(contestants, found), remarks: contest.remarks, exitCode }),
    );
  } else {
    terminal.result(armsTable(verdict, contestants));
    for (const line of verdictLines(terminal, verdict, contest.remarks)) {
      terminal.result(line);
    }
  }
  const title = titleOf(contest);
  await writeOutputs(options, { verdict, scorecards: contestants.map(({ scorecard }) => scorecard), title }, terminal);
  return exitCode;
}

/** The candidate first. Each file or run is read once. */
async function findAll(
  store: ObjectStore,
  candidate: string,
  opponents: readonly string[],
  cluster: string | undefined,
): Promise<FoundArm[]> {
  const fields = cluster === undefined || cluster === 'group' || cluster === 'none' ? [] : [cluster];
  const first = await findArms(store, candidate, fields);
  const champion = namedArm(first);
  if (opponents.length === 0) {
    return [playing(champion, 'candidate'), ...othersAt(first, champion)];
  }
  const found = [playing(champion, 'candidate')];
  for (const opponent of opponents) {
    const arm = namedArm(await findArms(store, opponent, fields));
    found.push(playing(arm, arm.as === 'champion' ? 'champion' : 'baseline'));
  }
  return found;
}

/** Base, few-shot and classical arms of a run stay what they are: references that decide nothing. */
function othersAt({ reference, arms }: FoundPlace, candidate: FoundArm): FoundArm[] {
  const others = arms
    .filter((arm) => arm !== candidate)
    .map((arm) => playing(arm, arm.as === 'candidate' ? 'baseline' : arm.as));
  if (!others.some(({ as }) => as === 'baseline' || as === 'champion')) {
    throw new BadInput('there is no baseline beside the candidate', {
      where: reference,
      hint: 'name the opponents after it: contender compare CANDIDATE OPPONENT',
    });
  }
  return others;
}

function titleOf({ candidate, others }: ContestOfArms): string {
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  return `${candidate.arm.label} against ${others[0]?.arm.label ?? 'nobody'}${more}`;
}

function digestsOf({ digests }: ContestOfArms): Record<string, string> {
  return Object.fromEntries([...digests].map(([id, digest]) => [`stored scorecard:${id}`, digest]));
}
