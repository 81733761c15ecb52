import { describe, expect, it } from 'vitest';
import pc from 'picocolors';
import type { StageState } from '../domain/run.ts';
import type { TrainingProgress } from '../domain/training.ts';
import { createRunView } from './run-view.ts';

function plainView() {
  const said: string[] = [];
  const view = createRunView({
    json: false,
    interactive: false,
    colors: pc.createColors(false),
    result: () => undefined,
    say: (text) => void said.push(text),
    complain: () => undefined,
  });
  return { said, view };
}

const row = (stage: string, state: StageState['state'], note = ''): StageState => ({ stage, state, note });

function training(step: number): TrainingProgress {
  return {
    step,
    total_steps: 80,
    epoch: 0.5,
    loss: 1.25,
    learning_rate: 0.001,
    tokens: 100,
    tokens_per_second: 42.4,
    seconds: 1,
    seconds_left: 2.1,
  };
}

describe('without a terminal', () => {
  it('a stage is said once for every change of its state', () => {
    const { said, view } = plainView();
    view.show({ stages: [row('curate', 'running'), row('train', 'waiting')] }, undefined);
    view.show({ stages: [row('curate', 'running', 'half'), row('train', 'waiting')] }, undefined);
    view.show({ stages: [row('curate', 'done', '9 rows'), row('train', 'waiting')] }, undefined);
    view.show({ stages: [row('curate', 'done', '9 rows'), row('train', 'waiting')] }, undefined);
    expect(said).toEqual(['curate: running', 'curate: done, 9 rows']);
  });

  it('training is said at every eighth, not at every step', () => {
    const { said, view } = plainView();
    for (let step = 1; step <= 80; step += 1) {
      view.show({ stages: [row('train', 'running', `step ${step}`)] }, training(step));
    }
    expect(said.slice(0, 2)).toEqual(['train: running', 'train: step 10/80  loss 1.250  42 tokens/s  3 s left']);
    expect(said).toHaveLength(9);
  });
});
