// Arms that were asked elsewhere or apart: the same rows, or no comparison.
import { BadInput } from '../domain/bad-input.ts';
import type { RowResult } from '../domain/scorecard.ts';

/** One arm's rows, in any order. */
export interface ArmRows {
  /** Names the arm in messages. */
  readonly label: string;
  readonly results: readonly RowResult[];
  /** Digest of what was asked, by row id; absent where it is not known. Digests of one `kind` can be compared. */
  readonly asked?: { readonly kind: string; readonly digests: ReadonlyMap<string, string> };
}

/**
 * The other arm's results in the order of the first arm's. Throws BadInput, naming the first difference and the
 * counts, when the arms did not answer the same rows: an id that comes twice or on one side only, another expected
 * answer, or another question under the same id.
 */
export function alignRows(first: ArmRows, other: ArmRows): RowResult[] {
  const ours = byId(first);
  const theirs = byId(other);
  const missing = [...ours.keys()].filter((id) => !theirs.has(id));
  const extra = [...theirs.keys()].filter((id) => !ours.has(id));
  if (missing.length > 0 || extra.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [`${missing.length} are only in ${first.label}, first ${missing[0]}`] : []),
      ...(extra.length > 0 ? [`${extra.length} are only in ${other.label}, first ${extra[0]}`] : []),
    ];
    throw new BadInput(
      `the arms answered different rows: ${first.label} has ${ours.size}, ${other.label} has ${theirs.size}; ${parts.join('; ')}`,
      { where: other.label, hint: 'a paired comparison needs the answers of both arms to the same rows' },
    );
  }
  return first.results.map((own) => {
    const result = theirs.get(own.rowId);
    if (result === undefined) {
      throw new RangeError(`row ${own.rowId} is lost`);
    }
    if (result.expected !== own.expected) {
      throw different(own.rowId, 'expected answer', first, other);
    }
    if (askedDifferently(own.rowId, first, other)) {
      throw different(own.rowId, 'question', first, other);
    }
    return result;
  });
}

function byId({ label, results }: ArmRows): Map<string, RowResult> {
  const rows = new Map<string, RowResult>();
  for (const result of results) {
    if (rows.has(result.rowId)) {
      throw new BadInput(`row ${result.rowId} is answered twice`, { where: label });
    }
    rows.set(result.rowId, result);
  }
  return rows;
}

function askedDifferently(id: string, first: ArmRows, other: ArmRows): boolean {
  const known = first.asked !== undefined && first.asked.kind === other.asked?.kind;
  return known && first.asked?.digests.get(id) !== other.asked?.digests.get(id);
}

function different(id: string, what: string, first: ArmRows, other: ArmRows): BadInput {
  return new BadInput(`row ${id} has another ${what} in ${other.label} than in ${first.label}`, {
    where: other.label,
    hint: 'rows are matched by their ids: compare evaluations of the same dataset, in the same order',
  });
}
