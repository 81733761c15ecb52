// Writes a stream of unknown length to S3 as a multipart upload that becomes visible whole or not at all.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';

// S3 takes 10,000 parts of at least 5 MiB: parts of 16 MiB allow objects of 156 GiB.
const partBytes = 16 * 1024 * 1024;
const maxParts = 10_000;

/** Uploads the stream, holding one part of 16 MiB in memory. On any error the upload is aborted and nothing is visible. */
export async function uploadStream(
  client: S3Client,
  target: { Bucket: string; Key: string },
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const parts = inParts(body);
  const first = await parts.next();
  if (first.done === true || first.value.length < partBytes) {
    const bytes = first.done === true ? new Uint8Array() : first.value;
    await client.send(new PutObjectCommand({ ...target, Body: bytes, ContentLength: bytes.length }));
    return;
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const upload = { ...target, UploadId };
  try {
    const done: CompletedPart[] = [await uploadPart(client, upload, 1, first.value)];
    for await (const part of parts) {
      if (done.length === maxParts) {
        throw new RangeError(`${target.Key} is larger than ${maxParts} parts of ${partBytes} bytes`);
      }
      done.push(await uploadPart(client, upload, done.length + 1, part));
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  client: S3Client,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  number: number,
  part: Uint8Array,
): Promise<CompletedPart> {
  const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber: number, Body: part }));
  return { PartNumber: number, ETag };
}

/** The stream in pieces of exactly `partBytes`, the last one shorter. Yields nothing for an empty stream. */
async function* inParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (const chunk of body) {
    let taken = 0;
    while (taken < chunk.length) {
      const some = chunk.subarray(taken, taken + partBytes - filled);
      part.set(some, filled);
      filled += some.length;
      taken += some.length;
      if (filled === partBytes) {
        yield part;
        part = new Uint8Array(partBytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) {
    yield part.subarray(0, filled);
  }
}
