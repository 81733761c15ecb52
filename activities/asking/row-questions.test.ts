// What is asked of whom.
import { expect, it } from 'vitest';
import type { Arm } from '../../domain/scorecard.ts';
import type { Tool } from '../../domain/suite.ts';
import type { AskedSuite } from '../asked-suite.ts';
import { rowQuestions } from './row-questions.ts';

const tool: Tool = { name: 'weather', parameters: {} };
const suite: AskedSuite = {
  name: 's',
  task: 'tool_calls',
  rows: [],
  prompt: { user: '{input}' },
  shots: [],
  labels: [],
  scorers: ['tool_name'],
  slices: [],
  repeats: 1,
  sha256: '',
  maxTokens: 8,
  timeoutMs: 1,
  patienceMs: 1,
  tools: [tool],
};
const row = { id: 'r', input: 'Oslo?', output: '[]' };

function questionTo(provider: Arm['provider'], ofRow: readonly Tool[] | undefined) {
  const arm: Arm = {
    id: 'a',
    kind: 'candidate',
    label: 'a',
    provider,
    model: 'm',
    shots: 0,
    standIn: false,
    maxConcurrency: 1,
  };
  const asked = rowQuestions(suite, { arm, identity: 'i', cacheEpoch: '' });
  return asked(ofRow === undefined ? row : { ...row, tools: [...ofRow] }, 0).question;
}

it('an endpoint is given tools beside the messages, those of the row before those of the suite', () => {
  expect(questionTo('openai', undefined)).toMatchObject({ tools: [tool], messages: [{ content: 'Oslo?' }] });
  expect(questionTo('openai', [{ ...tool, name: 'own' }])).toMatchObject({ tools: [{ name: 'own' }] });
});

it('our own server, which takes messages alone, is told the tools in its system message', () => {
  const question = questionTo('served', undefined);
  expect(question).not.toHaveProperty('tools');
  expect(question.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(question.messages[0]?.content).toContain('"name":"weather"');
  expect(questionTo('served', [{ ...tool, name: 'own' }]).messages[0]?.content).toContain('"name":"own"');
});
