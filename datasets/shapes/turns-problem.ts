// Which conversations chat templates and endpoints take: who may speak after whom, and which calls are answered.
import type { Turn } from '../../domain/dataset.ts';
import type { Call } from './read-calls.ts';

/** Calls that wait for their results. */
interface Open {
  readonly calls: readonly Call[];
  readonly turn: number;
  readonly answered: Set<number>;
}

/**
 * What is wrong with the turns before an answer, or undefined. They are: at most one system turn, first; then a user
 * turn; then the assistant and the user by turns, with the results of tools after the assistant's calls. Turns are
 * counted from 1. Two turns of one speaker in a row are a problem, since many chat templates refuse them.
 */
export function turnsProblem(turns: readonly Turn[]): string | undefined {
  let open: Open | undefined;
  let previous: Turn['role'] | undefined;
  for (let index = 0; index < turns.length; index += 1) {
    const turn = turns[index];
    if (turn === undefined) {
      continue;
    }
    const problem = orderProblem(turn, previous) ?? emptyProblem(turn);
    if (problem !== undefined) {
      return `turn ${index + 1} (${turn.role}) ${problem}`;
    }
    if (turn.role === 'tool') {
      const unknown = answerCall(turn, open);
      if (unknown !== undefined) {
        return `turn ${index + 1} (tool) ${unknown}`;
      }
    } else if (open !== undefined && hasUnanswered(open)) {
      return `turn ${index + 1} (${turn.role}) comes before the results of the calls in turn ${open.turn}`;
    } else {
      open = turn.calls === undefined ? undefined : { calls: turn.calls, turn: index + 1, answered: new Set() };
    }
    previous = turn.role;
  }
  if (open !== undefined && hasUnanswered(open)) {
    return `the calls in turn ${open.turn} have no results`;
  }
  if (previous === undefined || previous === 'system') {
    return 'has no user turn';
  }
  return previous === 'assistant' ? `turn ${turns.length + 1} (assistant) follows a turn of the assistant` : undefined;
}

function orderProblem({ role }: Turn, previous: Turn['role'] | undefined): string | undefined {
  switch (role) {
    case 'system':
      return previous === undefined
        ? undefined
        : previous === 'system'
          ? 'is a second system turn'
          : 'is a system turn after the first turn';
    case 'user':
      return previous === 'user' ? 'follows a turn of the user' : previous === 'tool' ? 'follows a tool' : undefined;
    case 'assistant':
      return previous === 'assistant'
        ? 'follows a turn of the assistant'
        : previous === undefined || previous === 'system'
          ? 'comes before any user turn'
          : undefined;
    case 'tool':
      return previous === 'assistant' || previous === 'tool' ? undefined : 'answers no call';
    default:
      return role satisfies never;
  }
}

function emptyProblem({ role, content, calls }: Turn): string | undefined {
  return role !== 'tool' && calls === undefined && content.trim() === '' ? 'is empty' : undefined;
}

/** By its id where it has one, else the next in order. */
function answerCall({ call_id: id }: Turn, open: Open | undefined): string | undefined {
  if (open === undefined) {
    return 'answers no call';
  }
  const { calls, answered } = open;
  const byId = id !== undefined && calls.some((call) => call.id !== undefined);
  const place = calls.findIndex((call, index) => !answered.has(index) && (!byId || call.id === id));
  if (place === -1) {
    return byId ? 'answers another call than those before it' : 'answers no call';
  }
  answered.add(place);
  return undefined;
}

/** Sources without ids often give one result for several calls; with ids every call has its own. */
function hasUnanswered({ calls, answered }: Open): boolean {
  return answered.size === 0 || calls.some(({ id }, index) => id !== undefined && !answered.has(index));
}
