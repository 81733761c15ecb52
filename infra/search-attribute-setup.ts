// Makes sure that the namespace knows our search attributes.
import type { Connection } from '@temporalio/client';
import { Fault } from '../domain/fault.ts';
import { searchAttributes } from '../domain/names.ts';

/** Numbers of temporal.api.enums.v1.IndexedValueType. */
const valueTypes = { KEYWORD: 2, DOUBLE: 4 } as const;

/** Adds what is missing; does nothing when all are there. Throws a Fault when the server refuses. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => known.customAttributes[name] === undefined);
  if (missing.length === 0) {
    return [];
  }
  await connection.operatorService
    .addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, valueTypes[type]])),
    })
    .catch((error: unknown) => {
      throw new Fault(
        `namespace ${namespace} lacks the search attributes ${missing.map(({ name }) => name).join(', ')}`,
        {
          hint: 'an operator can add them with `temporal operator search-attribute create --name NAME --type Keyword` (or Double)',
          cause: error,
        },
      );
    });
  return missing.map(({ name }) => name);
}
