// Calls by number: providers give them random ids, and rows of one content are to be one row.
import type { Turn } from '../../domain/dataset.ts';

/**
 * The turns with calls named `call_1`, `call_2`, … in their order, and results that name the call they answer.
 * Expects turns in which `turnsProblem` finds nothing. Calls that have fewer results than there are calls, which only
 * calls without ids can have, stay without.
 */
export function numberCalls(turns: readonly Turn[]): readonly Turn[] {
  if (turns.every(({ calls }) => calls === undefined)) {
    return turns;
  }
  const numbered: Turn[] = [];
  let count = 0;
  // Ids of the calls under way, by their former id or, without one, by their place.
  let open: { readonly former: string | undefined; readonly id: string; taken: boolean }[] = [];
  for (let index = 0; index < turns.length; index += 1) {
    const turn = turns[index];
    if (turn === undefined) {
      continue;
    }
    if (turn.role === 'tool') {
      const call =
        open.find(({ former, taken }) => !taken && former !== undefined && former === turn.call_id) ??
        open.find(({ taken }) => !taken);
      if (call !== undefined) {
        call.taken = true;
      }
      const { call_id: _former, ...rest } = turn;
      numbered.push(call === undefined ? rest : { ...rest, call_id: call.id });
      continue;
    }
    const { calls } = turn;
    if (calls === undefined || resultsAfter(turns, index) < calls.length) {
      open = [];
      numbered.push(turn);
      continue;
    }
    open = calls.map(({ id }, place) => ({ former: id, id: `call_${count + place + 1}`, taken: false }));
    count += calls.length;
    numbered.push({
      ...turn,
      calls: calls.map(({ name, arguments: given }, place) => ({ id: open[place]?.id, name, arguments: given })),
    });
  }
  return numbered;
}

function resultsAfter(turns: readonly Turn[], index: number): number {
  let next = index + 1;
  while (turns[next]?.role === 'tool') {
    next += 1;
  }
  return next - index - 1;
}
