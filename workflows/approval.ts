// A person's word before a route moves.
import { condition, setHandler } from '@temporalio/workflow';
import type { Approval } from '../domain/run.ts';
import { approvalUpdate } from './messages.ts';

export interface ApprovalDesk {
  /** The first decision, or that none came in time. */
  decision(waitMs: number): Promise<Approval>;
}

/** Takes decisions from the start of the run, so that none is lost; the first one counts. */
export function approvalDesk(): ApprovalDesk {
  let decided: Approval | undefined;
  let open = false;
  setHandler(
    approvalUpdate,
    (approval: Approval): Approval => {
      decided ??= approval;
      return decided;
    },
    {
      validator: (_approval: Approval) => {
        if (!open) {
          throw new Error('the run waits for no approval now');
        }
      },
    },
  );
  return {
    async decision(waitMs) {
      open = true;
      await condition(() => decided !== undefined, waitMs);
      open = false;
      return decided ?? { outcome: 'expired', actor: 'nobody', reason: 'nobody decided in time' };
    },
  };
}
