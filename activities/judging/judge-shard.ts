// A panel judges one shard of rows of one pair of arms; the shard's judgements are committed once.
import { hashOf } from '../../domain/canonical.ts';
import { failureTypes } from '../../domain/failures.ts';
import {
  judgeShardResultSchema,
  type JudgeShardInput,
  type JudgeShardResult,
  type OpenedSide,
} from '../../domain/judge-stage.ts';
import { judgesOf, type Judge } from '../../domain/recipe-judge.ts';
import { stageKey } from '../../domain/refs.ts';
import { judgeDigest, type Pair } from '../../evals/judge/prompt.ts';
import { judgeOfRow, judgeOrders, judgeRow, settle } from '../../evals/judge/row-judgement.ts';
import { renderMessages } from '../../evals/prompt.ts';
import { putBlob } from '../../registry/blobs.ts';
import { commitOnce, getJson } from '../../registry/json.ts';
import { askedSuite, type AskedSuite } from '../asked-suite.ts';
import { AskError } from '../clients/model-client.ts';
import type { ActivityDeps } from '../deps.ts';
import { toLines } from '../json-lines.ts';
import { permanent } from '../permanent.ts';
import { askJudge } from './ask-judge.ts';
import { judgeBlockOf } from './judge-block.ts';
import { openSide, readSides, type SidedRow } from './read-sides.ts';

export interface JudgeWatch {
  readonly signal: AbortSignal;
  /** Called after each request, with the requests of the shard that are answered and all of them. */
  readonly onProgress?: (read: number, of: number) => void;
}

/**
 * Judges the rows of a shard that have no judgement yet. To judge a run: for each arm that the candidate must beat, call
 * this for one shard after another, adding up `spent`, and then `summarisePair` with all of their results; the gate takes
 * what that returns. Shards of one pair may run at once only where no judge has a budget.
 *
 * The result lies under a key with the digests of the judge and of the answers: another judge, or other answers, are
 * another judgement. A shard with requests that were not answered (outage, budget) is returned and not kept; called
 * again, it asks for these alone. Throws a permanent failure when a judge refuses everything (its message names the
 * variable of the key), BadInput when a key is missing, RangeError when an arm lacks a row, and the signal's reason.
 */
export async function judgeShard(
  deps: ActivityDeps,
  input: JudgeShardInput,
  { signal, onProgress }: JudgeWatch,
): Promise<JudgeShardResult> {
  const { store } = deps;
  const rules = await judgeBlockOf(store, input);
  const suite = await askedSuite(store, input);
  const sides = { candidate: await openSide(store, input.candidate), other: await openSide(store, input.other) };
  const sided = await readSides(store, suite.rows.slice(input.from, input.to), sides.candidate, sides.other);
  const digest = judgeDigest(rules);
  const place = placeOf(sides, digest, suite, sided);
  const key = stageKey(input.runKey, `judge/${place}/${String(input.shard).padStart(4, '0')}`);
  const stored = await getJson(store, key, judgeShardResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const started = performance.now();
  const judged = sided.filter(({ candidate, other }) => settle(candidate.answer, other.answer) === 'judged');
  const pairs = judged.map((row) => pairOf(row, suite));
  const judges = judgesOf(rules);
  const all = judges.length * pairs.length * judgeOrders.length * rules.samples;
  let read = 0;
  // A judge that cannot go on calls the others off.
  const fault = new AbortController();
  const readings = await allOf(
    judges.map(async (judge) => {
      const onFault = (error: unknown): void => fault.abort(named(error, judge));
      const asked = askJudge(deps, {
        rules,
        judge,
        pairs,
        runKey: input.runKey,
        cacheEpoch: input.cacheEpoch,
        timeoutMs: suite.timeoutMs,
        patienceMs: suite.patienceMs,
        shardName: `${input.runKey.replaceAll('/', '.')}.judge.${place.replaceAll('/', '.')}.${input.shard}`,
        spent: input.spent[judge.id] ?? { usd: 0, requests: 0 },
        stopped: input.stopped ?? null,
        signal: AbortSignal.any([signal, fault.signal]),
        onFault,
        onRead: () => {
          read += 1;
          onProgress?.(read, all);
        },
      });
      asked.catch(onFault);
      return { judge, asked: await asked };
    }),
    [signal, fault.signal],
  );
  const position = new Map(judged.map((row, at) => [row.row.id, at]));
  const rows = sided.map(({ row, candidate, other }) => {
    const at = position.get(row.id);
    const said =
      at === undefined ? [] : readings.map(({ judge, asked }) => judgeOfRow(judge.id, asked.readings[at] ?? []));
    return judgeRow(candidate, other, said, rules.max_answer_chars);
  });
  const result: JudgeShardResult = {
    judgements: await putBlob(store, toLines(rows)),
    digest,
    n: rows.length,
    unreadable: rows.filter(({ unreadable }) => unreadable).length,
    unanswered: rows.filter(({ unanswered }) => unanswered).length,
    spent: Object.fromEntries(readings.map(({ judge, asked }) => [judge.id, asked.spent])),
    stopped: readings.map(({ asked }) => asked.stopped).find((why) => why !== null) ?? null,
    seconds: (performance.now() - started) / 1000,
  };
  return result.unanswered > 0 ? result : await commitOnce(store, key, result, judgeShardResultSchema);
}

/** Waits for every judge to come to rest, then throws the reason why the first of them, or the caller, called it off. */
async function allOf<Result>(asked: readonly Promise<Result>[], signals: readonly AbortSignal[]): Promise<Result[]> {
  const settled = await Promise.allSettled(asked);
  for (const signal of signals) {
    signal.throwIfAborted();
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

function named(error: unknown, { id }: Judge): unknown {
  return error instanceof AskError
    ? permanent(failureTypes.providerRefused, error.message, { where: `judge ${id}` })
    : error;
}

/** Folder of the shard: by judge, then by whose answers to which rows are judged. */
function placeOf(
  sides: { candidate: OpenedSide; other: OpenedSide },
  digest: string,
  suite: AskedSuite,
  sided: readonly SidedRow[],
): string {
  const answers = sided.map(({ row, candidate, other }) => [row.id, candidate.answer, other.answer]);
  const pair = hashOf({ suite: suite.sha256, candidate: sides.candidate.arm.id, other: sides.other.arm.id, answers });
  return `${digest.slice(0, 16)}/${pair.slice(0, 16)}`;
}

function pairOf({ row, candidate, other }: SidedRow, suite: AskedSuite): Pair {
  return {
    task: renderMessages(suite.prompt, row, [])
      .map(({ content }) => content)
      .join('\n\n'),
    expected: row.output,
    candidate: candidate.answer ?? '',
    other: other.answer ?? '',
  };
}
