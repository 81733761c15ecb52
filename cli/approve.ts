// contender approve and reject: a person's word on a promotion that waits for it.
import type { Command } from 'commander';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { BadInput } from '../domain/bad-input.ts';
import type { Approval } from '../domain/run.ts';
import { connectClient } from '../infra/connection.ts';
import { actor } from './actor.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

export function addApprovalCommands(program: Command): void {
  addDecision(program, 'approve', 'approved', 'let the candidate of a run that waits take the route');
  addDecision(program, 'reject', 'rejected', 'keep the candidate of a run that waits from the route');
}

function addDecision(program: Command, name: string, outcome: Approval['outcome'], description: string): void {
  program
    .command(name)
    .description(description)
    .argument('<workflow-id>')
    .option('--reason <text>', 'goes to the run’s history', '')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const { client, connection } = await connectClient(settings);
        try {
          const given: Approval = { outcome, actor: actor(), reason };
          const decided = await client.workflow
            .getHandle(id)
            .executeUpdate<Approval, [Approval]>('decideApproval', { args: [given] })
            .catch((error: unknown) => rethrow(error, id));
          terminal.result(
            terminal.json
              ? JSON.stringify({ workflowId: id, ...decided })
              : `${id} is ${decided.outcome} by ${decided.actor}`,
          );
          return exitCodes.done;
        } finally {
          await connection.close();
        }
      });
    });
}

function rethrow(error: unknown, id: string): never {
  const hint = '`contender status` lists the runs, and with an id the stage that waits';
  if (error instanceof WorkflowNotFoundError) {
    throw new BadInput(`no run ${id} is under way`, { where: 'workflow-id', hint });
  }
  if (error instanceof WorkflowUpdateFailedError) {
    throw new BadInput(`run ${id} waits for no approval`, { where: 'workflow-id', hint });
  }
  throw error;
}
