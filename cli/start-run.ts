// Starts the workflow of a run, or attaches to the one that runs already.
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { controlQueue, runWorkflowId, searchAttributes, workflowTypes } from '../domain/names.ts';
import type { RunInput } from '../domain/run.ts';

/** A closed run of the same key is run again: its stages find their stored results and return at once. */
export async function startRun(client: Client, run: RunInput): Promise<WorkflowHandle> {
  return await client.workflow.start(workflowTypes.contend, {
    args: [run],
    taskQueue: controlQueue,
    workflowId: runWorkflowId(run.recipeName, run.runKey),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: `contend ${run.recipeName} on ${run.base.name}`,
    staticDetails: `Run \`${run.runKey}\`: curate, train, serve, evaluate ${run.arms.length} arms, gate, promote, report.`,
    memo: { recipe: run.recipe.key, actor: run.actor },
    typedSearchAttributes: [
      { key: searchAttributes.recipe, value: run.recipeName },
      { key: searchAttributes.model, value: run.base.name },
    ],
  });
}
