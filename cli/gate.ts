// contender gate --from RUN: decides a finished contest again, by another policy. Asks nobody and moves nothing.
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import { verdictSchema, type Verdict } from '../domain/verdict.ts';
import { metricFacts } from '../domain/metrics.ts';
import type { Contestant } from '../evals/compare.ts';
import { decide } from '../evals/gate.ts';
import { policyChanges, recordedPolicy } from '../evals/policy-changes.ts';
import { licenceVetoes } from '../registry/licence-findings.ts';
import { runCommand, type CommandContext } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { addPolicyFlags, policyOf, readPolicyFile, type PolicyFlags } from './policy-flags.ts';
import { readRecordedRun, type RecordedRun } from './recorded-run.ts';
import { armsTable, exitCodeOf, verdictLines } from './verdict-text.ts';
import { addOutputFlags, writeOutput, writeOutputs, type OutputFlags } from './write-outputs.ts';

interface GateOptions extends PolicyFlags, OutputFlags {
  readonly from: string;
  readonly policy?: string;
  readonly save?: string;
}

export function addGateCommand(program: Command): void {
  const command = program
    .command('gate')
    .description('decide a finished contest again by another policy, without asking anybody')
    .requiredOption('--from <run-key>', 'the run whose scorecards are decided')
    .option('--policy <file>', 'a recipe, or a file with the fields of its gate block')
    .option('--save <file>', 'write the verdict as JSON');
  addOutputFlags(addPolicyFlags(command)).action(async (options: GateOptions, self: Command) => {
    await runCommand(self, (context) => gateAgain(context, options));
  });
}

async function gateAgain({ terminal, store }: CommandContext, options: GateOptions): Promise<ExitCode> {
  const run = await readRecordedRun(store, options.from);
  const recorded = run.verdict === undefined ? {} : recordedPolicy(run.verdict);
  const base = options.policy === undefined ? recorded : await readPolicyFile(options.policy);
  const policy = policyOf(options, base, options.policy);
  const changes = policyChanges(policy, recorded);
  const contestants = run.arms.map(({ contestant }) => contestant);
  const verdict = verdictSchema.parse(decideAgain(run, contestants, policy));
  const remarks = remarksOn(run, changes);
  const exitCode = exitCodeOf(verdict.kind);
  if (terminal.json) {
    const before = run.verdict === undefined ? null : { kind: run.verdict.kind, sentence: run.verdict.sentence };
    terminal.result(JSON.stringify({ runKey: options.from, verdict, recorded: before, changes, remarks, exitCode }));
  } else {
    terminal.result(armsTable(verdict, contestants));
    for (const line of verdictLines(terminal, verdict, remarks)) {
      terminal.result(line);
    }
  }
  if (options.save !== undefined) {
    await writeOutput(options.save, `${JSON.stringify(verdict, undefined, 2)}\n`, '--save');
  }
  const title = `run ${options.from}, decided again`;
  await writeOutputs(options, { verdict, scorecards: contestants.map(({ scorecard }) => scorecard), title }, terminal);
  return exitCode;
}

function decideAgain(run: RecordedRun, contestants: readonly Contestant[], policy: GateRecipe): Verdict {
  const candidate = contestants.find(({ arm }) => arm.kind === 'candidate');
  if (candidate === undefined) {
    throw new BadInput('no candidate took part in this run', { where: '--from' });
  }
  if (metricFacts[policy.metric].shape === 'paired' || candidate.scorecard.metrics[policy.metric] === undefined) {
    throw new BadInput(`the scorecards of this run have no ${policy.metric}`, {
      where: 'metric',
      hint: `they have ${Object.keys(candidate.scorecard.metrics).join(', ')}`,
    });
  }
  const { verdict: recorded, recipe } = run;
  const decided = decide({
    policy,
    suite: candidate.scorecard.suite,
    suiteSlices: recipe?.evaluate.slices ?? [],
    candidate,
    others: contestants.filter((contestant) => contestant !== candidate),
    usdPerHour: recipe?.evaluate.serving.usd_per_hour,
    leakage: leakageOf(recorded),
    guards: run.guards,
    chosenFrom: run.chosenFrom,
    objections: licenceVetoes(recorded?.licences?.findings ?? []),
  });
  return { ...decided, ...(recorded?.licences === undefined ? {} : { licences: recorded.licences }) };
}

/** Rows and sources do not change with the policy: what was found then holds. */
function leakageOf(recorded: Verdict | undefined): { rows: number; of: number } | undefined {
  const check = recorded?.checks.find((each) => each.check === 'leakage');
  const of = recorded?.deciding[0]?.n;
  return check === undefined || check.measured === null || of === undefined ? undefined : { rows: check.measured, of };
}

function remarksOn({ verdict }: RecordedRun, changes: readonly string[]): string[] {
  if (verdict === undefined) {
    return ['the run has no recorded verdict to compare with'];
  }
  return changes.length === 0
    ? [`the policy is the recorded one, and the recorded verdict is ${verdict.kind}`]
    : [
        `the recorded verdict is ${verdict.kind}; the policy differs: ${changes.join('; ')}`,
        'deciding again after the results are known is exploratory: a policy counts when it is fixed before the rows are asked',
      ];
}
