// Asks one arm after another on behalf of a contest, each in a child workflow, and has it scored.
import { executeChild, ParentClosePolicy, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ControlActivities } from '../activities/control.ts';
import type { HostActivities } from '../activities/host.ts';
import { askWorkflowId } from '../domain/names.ts';
import type { BlobRef } from '../domain/refs.ts';
import type { Arm, ScorecardRef } from '../domain/scorecard.ts';
import type { AskedShards } from '../domain/shard-window.ts';
import type { AskResult, ContestInput } from '../domain/stage-inputs.ts';
import { askArm } from './ask-arm.ts';
import { askBatch } from './ask-batch.ts';
import { askPolicy, controlPolicy } from './policies.ts';

const control = proxyActivities<ControlActivities>(controlPolicy);

export interface ArmAsker {
  /** Asks the arm the first rows of the suite that it was not asked before, and scores it on all up to there. */
  upTo(arm: Arm, rows: number): Promise<ScorecardRef>;
  /** Asks and scores the arm on a suite beside the contest. */
  beside(arm: Arm, side: { guard: string; suite: BlobRef; rows: number }): Promise<ScorecardRef>;
  /** True when an arm's budget is spent, or its endpoint no longer answers. */
  hasStopped(): boolean;
}

export function armAsker(input: ContestInput, host: string): ArmAsker {
  const { runKey, recipe, manifest, split, shardRows, cacheEpoch, timeouts } = input;
  const { workflowId } = workflowInfo();
  const context = { runKey, recipe, manifest, ...(split === undefined ? {} : { split }) };
  const asChildren = patched('arms-are-children');
  const asked = new Map<string, AskedShards<BlobRef>>();
  const queueOf = (arm: Arm): string | null => (arm.provider === 'served' || arm.provider === 'stand-in' ? host : null);

  async function inChild(arm: Arm, rows: number): Promise<ScorecardRef> {
    const before = asked.get(arm.id);
    const fromShard = before === undefined ? 0 : Math.ceil(before.n / shardRows);
    const { budget_usd: usd, budget_requests: requests } = arm.endpoint ?? {};
    const questions = {
      ...context,
      arm,
      identity: identityOf(arm, input),
      cacheEpoch,
      rows,
      shardRows,
      fromShard,
      toShard: Math.ceil(rows / shardRows),
      usd: usd === undefined ? null : Math.max(0, usd - (before?.paidUsd ?? 0)),
      requests: requests === undefined ? null : Math.max(0, requests - (before?.requests ?? 0)),
      timeouts,
      ...(before === undefined ? {} : { before }),
    };
    const child = {
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      workflowId: askWorkflowId(workflowId, input.lookRows === undefined ? arm.id : `${arm.id}-${rows}`),
      staticSummary: `ask ${arm.id}, ${rows} rows`,
    };
    const sums =
      before !== undefined && before.stopped !== null
        ? before
        : arm.endpoint?.batch === true
          ? await executeChild(askBatch, { ...child, args: [questions] })
          : await executeChild(askArm, { ...child, args: [{ ...questions, queue: queueOf(arm) }] });
    asked.set(arm.id, sums);
    return await control.score.executeWithOptions({ summary: `score ${arm.id}` }, [
      { ...context, arm, asked: { ...sums, rows, shardRows } },
    ]);
  }

  /** As in version 0.1.0, for contests that began with it. */
  async function inTurn(arm: Arm, rows: number): Promise<ScorecardRef> {
    const endpoint = proxyActivities<HostActivities>(askPolicy(queueOf(arm) ?? undefined, timeouts));
    const shards: AskResult[] = [];
    for (let from = 0; from < rows; from += shardRows) {
      const to = Math.min(from + shardRows, rows);
      const paidUsd = shards.reduce((sum, shard) => sum + shard.paidUsd, 0);
      const ask = { ...context, arm, identity: identityOf(arm, input), cacheEpoch, paidUsd, shard: shards.length };
      shards.push(
        await endpoint.ask.executeWithOptions({ summary: `ask ${arm.id}, rows ${from + 1}–${to}` }, [
          { ...ask, from, to },
        ]),
      );
    }
    return await control.score.executeWithOptions({ summary: `score ${arm.id}` }, [{ ...context, arm, shards }]);
  }

  return {
    upTo: asChildren ? inChild : inTurn,
    hasStopped: () => [...asked.values()].some(({ stopped }) => stopped !== null),
    async beside(arm, { guard, suite, rows }) {
      const side = { runKey: `${runKey}/${guard}`, suite };
      const sums = await executeChild(askArm, {
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        workflowId: askWorkflowId(workflowId, `${arm.id}-${guard}`),
        staticSummary: `ask ${arm.id} the ${guard} suite`,
        args: [
          {
            ...side,
            servedBy: runKey,
            arm,
            identity: identityOf(arm, input),
            cacheEpoch,
            rows,
            shardRows,
            fromShard: 0,
            toShard: Math.ceil(rows / shardRows),
            usd: null,
            requests: null,
            queue: queueOf(arm),
            timeouts,
          },
        ],
      });
      return await control.score.executeWithOptions({ summary: `score ${arm.id} on the ${guard} suite` }, [
        { ...side, arm, asked: { ...sums, rows, shardRows } },
      ]);
    },
  };
}

/** What answers for an arm, for the request cache: our own weights by digest, others by provider and model id. */
function identityOf(arm: Arm, { base, adapter, manifest, champion }: ContestInput): string {
  if (arm.provider === 'stand-in') {
    return `${arm.model}+${manifest.sha256}`;
  }
  if (arm.provider !== 'served') {
    return `${arm.provider}/${arm.model}`;
  }
  if (arm.kind === 'champion' && champion !== undefined) {
    return `${champion.base.sha256}+${champion.adapter.sha256}`;
  }
  return arm.model === 'base' ? base.sha256 : `${base.sha256}+${adapter.sha256}`;
}
