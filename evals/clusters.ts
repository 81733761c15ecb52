// Which rows belong together: rows of one group are not independent evidence.

/** The group of each row, or undefined when no row carries one. A row without a group stands for itself. */
export function clustersOf(rows: readonly { rowId: string; group?: string | undefined }[]): string[] | undefined {
  if (rows.every(({ group }) => group === undefined)) {
    return undefined;
  }
  return rows.map(({ rowId, group }) => (group === undefined ? `row ${rowId}` : `group ${group}`));
}
