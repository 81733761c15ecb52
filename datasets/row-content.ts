// What of a row makes its id.
import type { MappedRow } from './map-row.ts';

/**
 * The members that are hashed: input, output, rejected answer and group, and for conversations the turns and tools.
 * Time and tags say something about a row and do not change what it is.
 */
export function rowContent({ input, output, rejected, group, messages, tools }: MappedRow): {
  readonly input: string;
  readonly output: string;
} & Pick<MappedRow, 'rejected' | 'messages' | 'tools'> & { readonly group?: string } {
  return {
    input,
    output,
    ...(rejected === undefined ? {} : { rejected }),
    ...(group === undefined ? {} : { group }),
    ...(messages === undefined ? {} : { messages }),
    ...(tools === undefined ? {} : { tools }),
  };
}
