// Limits of what a source may hold. docs/sources.md states them.

/** A record larger than this is taken for a broken file, such as a quote that was never closed. */
export const maxRecordBytes = 2 ** 20;

/** Columns of a CSV header. */
export const maxColumns = 10_000;

/** Lists and objects inside one another in a record. Deeper ones are malformed: nothing after them need fear for its stack. */
export const maxDepth = 100;

/** Decompressed bytes that are always allowed, whatever the ratio. */
export const bombFreeBytes = 64 * 2 ** 20;

/** Decompressed bytes for each compressed byte that was read. Deflate itself reaches 1032. */
export const maxExpansion = 1000;

/** Decompressed bytes of one file. */
export const maxFileBytes = 256 * 2 ** 30;

/** Uncompressed bytes of one row group of a Parquet file, which may be in memory at once. */
export const maxRowGroupBytes = 2 ** 30;

/** How much of a file is looked at to find out its encoding and its delimiter. */
export const headBytes = 64 * 2 ** 10;

/** Bytes of a chunk, about. */
export const usualChunkBytes = 2 ** 20;
