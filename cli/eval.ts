// contender eval SUITE: two or more endpoints on the same rows, and a verdict, without training anything.
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import { canonicalJson, hashOf } from '../domain/canonical.ts';
import type { EvaluationInput } from '../domain/evaluation.ts';
import { metricFacts } from '../domain/metrics.ts';
import type { GateRecipe } from '../domain/recipe-gate.ts';
import type { Arm } from '../domain/scorecard.ts';
import type { SuiteRow } from '../domain/suite.ts';
import { endpointArm } from '../evals/arms.ts';
import { evaluate } from '../infra/evaluate.ts';
import { putBlob } from '../registry/blobs.ts';
import type { ObjectStore } from '../registry/store.ts';
import { runCommand, type CommandContext } from './command.ts';
import { endpointOfFlag } from './endpoint-flag.ts';
import { evaluationView } from './evaluation-view.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { generationOf } from './generation.ts';
import { loadSuite, storeSuite, type LoadedSuite } from './load-suite.ts';
import { addPolicyFlags, policyOf, readPolicyFile, type PolicyFlags } from './policy-flags.ts';
import { requireSuiteJudge } from './require-judge.ts';
import { suitePath } from './shipped-suites.ts';
import { storeLabels } from './store-labels.ts';
import { summariseEvaluation } from './summarise-evaluation.ts';
import { addOutputFlags, type OutputFlags } from './write-outputs.ts';

export interface EvalOptions extends PolicyFlags, OutputFlags {
  readonly model: string;
  readonly baseline: readonly string[];
  readonly policy?: string;
  readonly fresh?: boolean;
  readonly shardRows: string;
}

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('ask endpoints the rows of a suite and decide, without training anything')
    .argument('<suite>', 'suite file, or the name of a suite that `contender suites list` shows')
    .requiredOption('--model <endpoint>', 'the candidate: provider/model, settings behind commas')
    .requiredOption('--baseline <endpoint>', 'what it must not be worse than; may be given several times', collect)
    .option('--policy <file>', 'recipe or file with a gate block')
    .option('--shard-rows <n>', 'rows that are stored together', '200')
    .option('--fresh', 'ask anew although answers are there');
  addOutputFlags(addPolicyFlags(command)).action(async (suite: string, options: EvalOptions, self: Command) => {
    await runCommand(self, (context) => evaluateEndpoints(context, suite, options));
  });
}

async function evaluateEndpoints(context: CommandContext, path: string, options: EvalOptions): Promise<ExitCode> {
  const { terminal, settings, store } = context;
  const { input, rows } = await planEvaluation(context, path, options);
  const view = evaluationView(terminal, input);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const outcome = await evaluate(
      settings,
      store,
      { input, rows },
      {
        signal: stop.signal,
        onAnswered: (arm) => view.onAnswered(arm),
        onJudged: (otherId, judged) => view.onJudged(otherId, judged),
      },
    );
    view.end();
    return await summariseEvaluation(context, input, outcome, options);
  } catch (error) {
    view.end();
    if (!stop.signal.aborted) {
      throw error;
    }
    terminal.complain('stopped; the same command goes on where it was, and pays for nothing twice');
    return exitCodes.interrupted;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** Reads the suite and stores it. */
async function planEvaluation(
  { settings, store }: CommandContext,
  path: string,
  options: EvalOptions,
): Promise<{ input: EvaluationInput; rows: readonly SuiteRow[] }> {
  const loaded = await loadSuite(await suitePath(path), store);
  const arms = armsOf(options, settings.environment);
  const policy = await policyFor(loaded, options);
  requireSuiteJudge(loaded, arms, settings.environment);
  const judge = await judgeOf(store, loaded);
  const suite = await storeSuite(store, loaded);
  const shardRows = shardRowsOf(options.shardRows);
  const plainKey = `eval-${hashOf({ suite: suite.sha256, arms, policy, shardRows, ...judge }).slice(0, 16)}`;
  const { key, cacheEpoch } = await keyFor(store, plainKey, options.fresh === true);
  const { name: title, rows } = loaded.suite;
  return { input: { key, title, suite, rows: rows.length, shardRows, arms, policy, ...judge, cacheEpoch }, rows };
}

/** Nothing when the suite has no judge. */
async function judgeOf(store: ObjectStore, { path, file }: LoadedSuite): Promise<Pick<EvaluationInput, 'judge'>> {
  if (file.judge === undefined) {
    return {};
  }
  const humanLabels = await storeLabels(store, path, 'judge', file.judge);
  const block = await putBlob(store, canonicalJson(file.judge));
  return { judge: { block, ...(humanLabels === undefined ? {} : { humanLabels }) } };
}

function armsOf({ model, baseline }: EvalOptions, environment: NodeJS.ProcessEnv): Arm[] {
  const candidate = endpointArm(endpointOfFlag('--model', model, environment), 'candidate', 'candidate');
  const baselines = baseline.map((text, index) =>
    endpointArm(endpointOfFlag('--baseline', text, environment), 'baseline', `baseline-${index + 1}`),
  );
  return [candidate, ...baselines];
}

/** The suite's first scorer decides unless flags or the policy name another. */
async function policyFor({ path, file, suite }: LoadedSuite, options: EvalOptions): Promise<GateRecipe> {
  const base = options.policy === undefined ? {} : await readPolicyFile(options.policy);
  const [first = 'exact_match'] = suite.scorers;
  const critical = file.critical_slices.length === 0 ? {} : { critical_slices: file.critical_slices };
  const policy = policyOf(options, { metric: first, ...critical, ...base }, options.policy ?? path);
  if (!suite.scorers.includes(policy.metric)) {
    throw new BadInput(`the suite is not scored by ${metricFacts[policy.metric].label}`, {
      where: '--metric',
      hint: `its scorers are ${suite.scorers.join(', ')}`,
    });
  }
  if (policy.sequential.enabled || policy.forgetting !== undefined || policy.refusals !== undefined) {
    throw new BadInput('sequential looks and guard suites belong to runs of a recipe', {
      where: options.policy ?? path,
      hint: 'leave gate.sequential, gate.forgetting and gate.refusals out for `contender eval`',
    });
  }
  return policy;
}

async function keyFor(store: ObjectStore, plainKey: string, fresh: boolean) {
  const generation = (await generationOf(store, plainKey)) + (fresh ? 1 : 0);
  const key = generation <= 1 ? plainKey : `${plainKey}-${generation}`;
  return { key, cacheEpoch: generation <= 1 ? '' : key };
}

function shardRowsOf(text: string): number {
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 1 || rows > 200) {
    throw new BadInput(`"${text}" is not a number of rows from 1 to 200`, { where: '--shard-rows' });
  }
  return rows;
}
