import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import { failureTypes } from '../domain/failures.ts';
import { Fault } from '../domain/fault.ts';
import { PermanentFailure } from '../domain/permanent-failure.ts';
import { explainError } from './explain-error.ts';

/** As a client meets a failed activity of a child workflow. */
function fromWorkflow(cause: Error): Error {
  const activity = new ActivityFailure('Activity task failed', 'train', '1', 'IN_PROGRESS', 'worker', cause);
  const child = new ChildWorkflowFailure(
    'default',
    { workflowId: 'child', runId: 'r' },
    'trainCandidate',
    'IN_PROGRESS',
    activity,
  );
  return new WorkflowFailedError('Workflow execution failed', child, 'NON_RETRYABLE_FAILURE');
}

describe('explainError', () => {
  it.each([
    ['bad input exits with 2', new BadInput('wrong', { where: 'recipe.yaml:1', hint: 'mend it' }), 2],
    ['a fault of the surroundings exits with 1', new Fault('wrong', { where: 'recipe.yaml:1', hint: 'mend it' }), 1],
  ])('%s and keeps its words', async (_name, error, exitCode) => {
    expect(await explainError(error)).toEqual({
      message: 'wrong',
      where: 'recipe.yaml:1',
      hint: 'mend it',
      logKey: undefined,
      exitCode,
    });
  });

  it.each([
    [failureTypes.badInput, 2],
    [failureTypes.trainerFailed, 1],
    [failureTypes.noSpace, 1],
  ])('finds %s behind workflow, child workflow and activity and exits with %i', async (type, exitCode) => {
    const details = { where: 'rows.csv:3', hint: 'mend it', logKey: 'runs/x/logs/train.log' };
    const cause = ApplicationFailure.create({ type, message: 'it broke', details: [details] });
    expect(await explainError(fromWorkflow(cause))).toEqual({ message: 'it broke', ...details, exitCode });
  });

  it('keeps the words of a step that this process ran itself', async () => {
    const details = { where: 'rows.csv:3', hint: 'mend it', logKey: 'runs/x/logs/train.log' };
    const error = new PermanentFailure(failureTypes.providerRefused, 'the key is refused', details);
    expect(await explainError(error)).toEqual({ message: 'the key is refused', ...details, exitCode: 1 });
  });

  it('says that a cancelled run can be continued', async () => {
    expect(await explainError(fromWorkflow(new CancelledFailure('cancelled')))).toMatchObject({
      message: 'the run was cancelled',
      exitCode: 130,
    });
  });

  it('shows a failure without details by its message alone', async () => {
    const cause = ApplicationFailure.create({ type: 'Error', message: 'it broke' });
    expect(await explainError(fromWorkflow(cause))).toMatchObject({
      message: 'it broke',
      hint: undefined,
      exitCode: 1,
    });
  });

  it.each([
    ['an unforeseen error', new RangeError('out of range'), 'out of range'],
    ['something thrown that is no error', 'a text', 'a text'],
  ])('shows %s and exits with 1', async (_name, error, message) => {
    expect(await explainError(error)).toMatchObject({ message, exitCode: 1 });
  });
});
