// All arms answer the same rows: serve what is ours, prove parity, ask in shards, score.
import { getExternalWorkflowHandle, proxyActivities } from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import type { HostActivities } from '../activities/host.ts';
import type { Arm, ScorecardRef } from '../domain/scorecard.ts';
import type { ContestInput, ContestResult, SideContest, StageProgress } from '../domain/stage-inputs.ts';
import { armAsker, type ArmAsker } from './arm-asker.ts';
import { stageProgressSignal } from './messages.ts';
import { modelServers, type ModelServers } from './model-servers.ts';
import { askPolicy, controlPolicy } from './policies.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

export async function contest(input: ContestInput): Promise<ContestResult> {
  const stored = await control.findContest.executeWithOptions({ summary: 'look for a stored result' }, [input.runKey]);
  if (stored !== null) {
    await show(input, { stage: 'serve', state: 'done', note: 'answered before' });
    return stored;
  }
  const servers = modelServers(input.recipeName, input.timeouts);
  try {
    await show(input, { stage: 'serve', state: 'running', note: 'starting servers' });
    const host = await servers.start(
      { ...contextOf(input), kind: 'language-model', base: input.base, adapters: adaptersOf(input) },
      input.gpuQueue,
    );
    if (input.arms.some(isClassical)) {
      await servers.start({ ...contextOf(input), kind: 'classical', base: input.base, adapters: {} }, host);
    }
    const parityPrompts = await proveParity(input, host);
    const asker = armAsker(input, host);
    const batches = askBatches(input, asker);
    const { scorecards, looks, sides } = await unlessFails(askOthers(input, asker, servers), batches);
    if (input.arms.some(isBatched)) {
      // A vendor takes up to a day: no accelerator is held for it.
      await servers.stop();
      await show(input, { stage: 'evaluate', state: 'running', note: 'waiting for batches of providers' });
    }
    const result: ContestResult = {
      parityPrompts,
      scorecards: inOrder(input.arms, [...scorecards, ...(await batches)]),
      ...(sides.length === 0 ? {} : { sides }),
      ...(looks === undefined ? {} : { looks }),
    };
    return await control.keepContest.executeWithOptions({ summary: 'keep the result' }, [input.runKey, result]);
  } finally {
    await servers.stop();
  }
}

interface Asked {
  readonly scorecards: ScorecardRef[];
  readonly looks: number | undefined;
}

/** Everything that is asked question by question: the contest, the suites beside it, a champion on another base. */
async function askOthers(
  input: ContestInput,
  asker: ArmAsker,
  servers: ModelServers,
): Promise<Asked & { readonly sides: SideContest[] }> {
  const { scorecards, looks } = await servers.whileUp(
    input.lookRows === undefined ? askAll(input, asker) : askInLooks(input, asker, input.lookRows),
  );
  const sides = await servers.whileUp(askSides(input, asker));
  const guest = await askGuest(input, servers);
  return { scorecards: [...scorecards, ...guest], looks, sides };
}

/** Providers' batches are under way while the other arms are asked. */
async function askBatches(input: ContestInput, asker: ArmAsker): Promise<ScorecardRef[]> {
  return await Promise.all(input.arms.filter(isBatched).map(async (arm) => await asker.upTo(arm, input.testRows)));
}

/** The result of the work, unless what is under way beside it fails before. */
async function unlessFails<Result>(work: Promise<Result>, beside: Promise<unknown>): Promise<Result> {
  return await Promise.race([work, beside.then(async () => await work)]);
}

/** One arm after the other on our own accelerator; the providers' machines take theirs at the same time. */
async function askAll(
  input: ContestInput,
  asker: ArmAsker,
  rows = input.testRows,
  arms = homeArms(input),
): Promise<Asked> {
  const ours = arms.filter(isOurs);
  const remote = arms.filter((arm) => !isOurs(arm));
  const cards = await Promise.all([
    sequentially(ours, async (arm) => await asker.upTo(arm, rows)),
    Promise.all(remote.map(async (arm) => await asker.upTo(arm, rows))),
  ]);
  return { scorecards: cards.flat(), looks: undefined };
}

/**
 * Arms of our own answer all rows, providers' baselines a few at a time: they are what is paid for, and asking them stops
 * once e-values settle the matter.
 */
async function askInLooks(input: ContestInput, asker: ArmAsker, lookRows: number): Promise<Asked> {
  const arms = homeArms(input);
  const paid = arms.filter((arm) => arm.kind === 'baseline' && !isOurs(arm));
  const { scorecards: ours } = await askAll(
    input,
    asker,
    input.testRows,
    arms.filter((arm) => !paid.includes(arm)),
  );
  // Looks end where shards end.
  const step = Math.ceil(lookRows / input.shardRows) * input.shardRows;
  for (let looks = 1; ; looks += 1) {
    const rows = Math.min(looks * step, input.testRows);
    const { scorecards } = await askAll(input, asker, rows, paid);
    const last = rows === input.testRows || asker.hasStopped();
    const { settled, note } = await control.look.executeWithOptions({ summary: `look at ${rows} rows` }, [
      { ...contextOf(input), scorecards: [...ours, ...scorecards], parityPrompts: 0 },
    ]);
    await show(input, { stage: 'evaluate', state: 'running', note: `${rows} rows: ${note}` });
    if (settled || last) {
      return { scorecards: [...ours, ...scorecards], looks };
    }
  }
}

/** Candidate and untuned base on the suites beside the contest. */
async function askSides(input: ContestInput, asker: ArmAsker): Promise<SideContest[]> {
  const arms = sideArms(input);
  return await sequentially(input.sides ?? [], async ({ guard, name, metric, suite, rows }) => ({
    guard,
    suite: name,
    metric,
    scorecards: await sequentially(arms, async (arm) => await asker.beside(arm, { guard, suite, rows })),
  }));
}

/** A champion on another base answers from a server of its own, once ours is gone: they may share one accelerator. */
async function askGuest(input: ContestInput, servers: ModelServers): Promise<ScorecardRef[]> {
  const { champion } = input;
  const guests = input.arms.filter((arm) => isGuest(input, arm));
  if (champion === undefined || guests.length === 0) {
    return [];
  }
  await servers.stop();
  const host = await servers.start(
    {
      ...contextOf(input),
      kind: 'language-model',
      base: champion.base,
      adapters: { champion: champion.adapter },
      quantized: champion.quantized,
    },
    input.gpuQueue,
  );
  const asker = armAsker(input, host);
  return await servers.whileUp(sequentially(guests, async (arm) => await asker.upTo(arm, input.testRows)));
}

async function proveParity(input: ContestInput, host: string): Promise<number> {
  const checked = proxyActivities<HostActivities>(askPolicy(host, input.timeouts));
  const { prompts } = await checked.checkParity.executeWithOptions(
    { summary: 'prompt tokens equal those at training' },
    [{ ...contextOf(input), adapter: input.adapter, model: 'candidate' }],
  );
  const note =
    prompts === 0
      ? 'parity with training not proven: the trainer left no prompts to compare'
      : `${prompts} prompts token for token as in training`;
  await show(input, { stage: 'serve', state: 'done', note });
  return prompts;
}

function contextOf({ runKey, recipe, manifest, split }: ContestInput) {
  return { runKey, recipe, manifest, ...(split === undefined ? {} : { split }) };
}

function adaptersOf({ adapter, champion }: ContestInput) {
  return { candidate: adapter, ...(champion?.sameServer === true ? { champion: champion.adapter } : {}) };
}

const isClassical = (arm: Arm): boolean => arm.provider === 'stand-in';
const isOurs = (arm: Arm): boolean => arm.provider === 'served' || isClassical(arm);
const isBatched = (arm: Arm): boolean => arm.endpoint?.batch === true;
const isGuest = ({ champion }: ContestInput, arm: Arm): boolean =>
  arm.kind === 'champion' && champion !== undefined && !champion.sameServer;

/** Arms that are asked while the candidate's server is up; stand-ins after what is served, as ever. */
function homeArms(input: ContestInput): Arm[] {
  const home = input.arms.filter((arm) => !isGuest(input, arm) && !isBatched(arm));
  return [...home.filter((arm) => !isClassical(arm)), ...home.filter(isClassical)];
}

/** The guards compare the candidate with its own base, whether or not the base is an arm of the contest. */
function sideArms({ arms }: ContestInput): Arm[] {
  return arms.flatMap((arm) =>
    arm.kind === 'candidate'
      ? [arm, { ...arm, id: 'base', kind: 'base' as const, label: 'untuned base', model: 'base' }]
      : [],
  );
}

function inOrder(arms: readonly Arm[], cards: readonly ScorecardRef[]): ScorecardRef[] {
  const byId = new Map(cards.map((card) => [card.armId, card]));
  return arms.flatMap(({ id }) => byId.get(id) ?? []);
}

async function sequentially<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    results.push(await work(item));
  }
  return results;
}

async function show(input: ContestInput, progress: StageProgress): Promise<void> {
  if (input.reportTo !== null) {
    await getExternalWorkflowHandle(input.reportTo).signal(stageProgressSignal, progress);
  }
}
