// Decompresses the pages of a Parquet file, as far as they stay within bounds.
import type { Compressors } from 'hyparquet';
import { BadInput } from '../../domain/bad-input.ts';
import { maxRowGroupBytes } from './limits.ts';

/** A page says how large it will be, which a damaged or hostile file may lie about. */
export async function boundedCompressors(file: string): Promise<{ byCodec: Compressors; begin: () => void }> {
  const { compressors } = await import('hyparquet-compressors');
  let left = maxRowGroupBytes;
  const byCodec: Compressors = {};
  for (const [codec, decompress] of Object.entries(compressors)) {
    Object.assign(byCodec, {
      [codec]: (input: Uint8Array, outputLength: number): Uint8Array => {
        left -= outputLength;
        if (!(outputLength >= 0) || left < 0) {
          throw new BadInput('a row group grows to more than 1 GiB when decompressed', { where: file });
        }
        return decompress(input, outputLength);
      },
    });
  }
  return {
    byCodec,
    begin: () => {
      left = maxRowGroupBytes;
    },
  };
}
