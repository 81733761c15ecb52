// Names that several processes must agree on. Imports nothing, so that workflows may use its values.

/** Every stage of a run, in the order in which data flows. */
export const stages = ['curate', 'train', 'serve', 'evaluate', 'gate', 'promote', 'report'] as const;
export type Stage = (typeof stages)[number];

/** Task queue of workflows and of activities that need no accelerator. */
export const controlQueue = 'contender';

/** Task queue of the accelerator workers that a recipe uses when it names none. */
export const defaultGpuQueue = 'gpu-local';

/** Queue on which only the workers of one machine listen: a served model is reachable from there alone. */
export function hostQueue(hostname: string): string {
  return `host-${hostname.toLowerCase().replaceAll(/[^a-z0-9-]/gu, '-')}`;
}

/**
 * Custom search attributes: typed keys as the Temporal SDK takes them. Never put row text here, because a codec
 * does not encrypt them.
 */
export const searchAttributes = {
  stage: { name: 'ContenderStage', type: 'KEYWORD' },
  recipe: { name: 'ContenderRecipe', type: 'KEYWORD' },
  model: { name: 'ContenderModel', type: 'KEYWORD' },
  verdict: { name: 'ContenderVerdict', type: 'KEYWORD' },
  score: { name: 'ContenderScore', type: 'DOUBLE' },
  costUsd: { name: 'ContenderCostUsd', type: 'DOUBLE' },
} as const;

/** Names on the wire: a workflow type is the name of the exported function. */
export const workflowTypes = {
  contend: 'contend',
  train: 'trainCandidate',
  sweep: 'sweepCandidates',
  contest: 'contest',
  askArm: 'askArm',
  askBatch: 'askBatch',
  judgePair: 'judgePair',
  nightly: 'nightlyRegression',
} as const;

/** Workflow ids are stable, so that a repeated `run` attaches to the running one instead of doubling it. */
export function runWorkflowId(recipeName: string, runKey: string): string {
  return `contender-${recipeName}-${runKey}`;
}

export function trainWorkflowId(ownerWorkflowId: string): string {
  return `${ownerWorkflowId}-train`;
}

export function contestWorkflowId(ownerWorkflowId: string): string {
  return `${ownerWorkflowId}-contest`;
}

export function askWorkflowId(ownerWorkflowId: string, arm: string): string {
  return `${ownerWorkflowId}-ask-${arm}`;
}

export function judgeWorkflowId(ownerWorkflowId: string, arm: string): string {
  return `${ownerWorkflowId}-judge-${arm}`;
}

export function sweepWorkflowId(ownerWorkflowId: string): string {
  return `${ownerWorkflowId}-sweep`;
}

export function scheduleId(recipeName: string): string {
  return `contender-nightly-${recipeName}`;
}
