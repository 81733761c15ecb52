// Messages that the workflows understand.
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Approval, RunProgress } from '../domain/run.ts';
import type { ServerReady, StageProgress } from '../domain/stage-inputs.ts';

/** Where the run stands, for `contender run`, `status` and `watch`. */
export const stagesQuery = defineQuery<RunProgress>('stages');

/** Bounded progress hints from activities and child workflows; losing one loses nothing. */
export const stageProgressSignal = defineSignal<[StageProgress]>('stageProgress');

/** A model server answers and says on which queue it can be reached. */
export const serverReadySignal = defineSignal<[ServerReady]>('serverReady');

/** A person approves or rejects a promotion that waits for it; the answer is the decision that counts. */
export const approvalUpdate = defineUpdate<Approval, [Approval]>('decideApproval');
