import { describe, expect, it } from 'vitest';
import type { Turn } from '../../domain/dataset.ts';
import { turnsProblem } from './turns-problem.ts';

const user: Turn = { role: 'user', content: 'q' };
const said: Turn = { role: 'assistant', content: 'a' };
const system: Turn = { role: 'system', content: 's' };

function calling(...ids: (string | undefined)[]): Turn {
  return {
    role: 'assistant',
    content: '',
    calls: ids.map((id) => (id === undefined ? { name: 'f', arguments: {} } : { id, name: 'f', arguments: {} })),
  };
}

function result(id?: string): Turn {
  return { role: 'tool', content: 'r', ...(id === undefined ? {} : { call_id: id }) };
}

describe('turns before an answer', () => {
  it.each([
    [[user]],
    [[system, user, said, user]],
    [[user, calling('a', 'b'), result('b'), result('a')]],
    [[user, calling(undefined), result()]],
    [[user, calling(undefined, undefined), result()]],
    [[user, calling('a'), result('a'), calling('b'), result('b')]],
    [[user, calling('a'), { role: 'tool', content: '', call_id: 'a' }]],
  ] as Turn[][][])('are in order: %j', (turns) => {
    expect(turnsProblem(turns)).toBeUndefined();
  });

  it.each([
    [[], 'has no user turn'],
    [[system], 'has no user turn'],
    [[system, system, user], 'turn 2 (system) is a second system turn'],
    [[user, system], 'turn 2 (system) is a system turn after the first turn'],
    [[user, user], 'turn 2 (user) follows a turn of the user'],
    [[said, user], 'turn 1 (assistant) comes before any user turn'],
    [[user, said, said, user], 'turn 3 (assistant) follows a turn of the assistant'],
    [[user, said], 'turn 3 (assistant) follows a turn of the assistant'],
    [[{ ...user, content: ' \n' }], 'turn 1 (user) is empty'],
    [[user, { ...said, content: '' }, user], 'turn 2 (assistant) is empty'],
    [[user, result('a')], 'turn 2 (tool) answers no call'],
    [[user, said, result('a')], 'turn 3 (tool) answers no call'],
    [[user, calling('a'), result('b')], 'turn 3 (tool) answers another call than those before it'],
    [[user, calling('a'), result('a'), result('a')], 'turn 4 (tool) answers another call than those before it'],
    [[user, calling('a', 'b'), result('a')], 'the calls in turn 2 have no results'],
    [[user, calling('a'), user], 'turn 3 (user) comes before the results of the calls in turn 2'],
    [[user, calling('a'), result('a'), user], 'turn 4 (user) follows a tool'],
  ] as [Turn[], string][])('%j have a problem: %s', (turns, problem) => {
    expect(turnsProblem(turns)).toBe(problem);
  });
});
