import { expect, test } from 'vitest';
import type { z } from 'zod';
import { gateSchema } from './recipe-gate.ts';

const sequential = { enabled: true };

test.each<[string, z.input<typeof gateSchema>, string]>([
  ['looks at a metric of all rows together', { metric: 'macro_f1', sequential }, 'is no mean over rows'],
  [
    'looks with critical slices',
    { critical_slices: [{ slice: 'label' }], sequential },
    'cannot go with critical_slices',
  ],
  [
    'looks with a limit on unreadable answers',
    { max_parse_failure_increase: 0.1, sequential },
    'cannot go with max_parse_failure_increase',
  ],
  [
    'a flagship where judges decide',
    { metric: 'judge_preference', against: 'flagship_and_cheapest_sufficient' },
    'must be all with judge_preference',
  ],
  [
    'looks where judges decide',
    { metric: 'judge_preference', sequential },
    'judges are asked when all answers are there',
  ],
  ['a confidence of 1', { confidence: 1 }, 'confidence'],
])('%s is refused', (_, gate, message) => {
  expect(JSON.stringify(gateSchema.safeParse(gate).error?.issues)).toContain(message);
});

test('an empty block is the usual policy', () => {
  expect(gateSchema.parse({})).toMatchObject({ rule: 'non_inferior', against: 'all', cluster: 'group' });
});
