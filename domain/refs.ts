// References to stored bytes: what travels through Temporal in place of the bytes themselves.
import { z } from 'zod';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/u);

/** A named object in the object store with its digest. */
export const blobRefSchema = z.strictObject({
  key: z.string().min(1).describe('Key in the object store.'),
  sha256: sha256Schema.describe('SHA-256 of the bytes, hexadecimal.'),
  bytes: z.int().nonnegative().describe('Length in bytes.'),
});
export type BlobRef = z.infer<typeof blobRefSchema>;

/** Where an immutable blob lies in the object store. */
export function blobKey(digest: string): string {
  return `blobs/sha256/${digest.slice(0, 2)}/${digest}`;
}

/** Where a stage's result lies; put-if-absent there picks exactly one attempt. */
export function stageKey(runKey: string, stage: string): string {
  return `runs/${runKey}/${stage}.json`;
}
