// Finds source files of a dataset on a model hub, at one commit, and reads them.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import { BadInput } from '../../domain/bad-input.ts';
import { Fault } from '../../domain/fault.ts';
import { askHub, type Hub, type HubPlace } from '../hub-api.ts';
import type { FindContext, FoundFile } from './find-files.ts';
import { globBase } from './glob-base.ts';
import { bodyFrom, resumed } from './resumed.ts';

const infoSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/u),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative(),
      lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/u) }).nullish(),
    }),
  ),
});
type Sibling = z.infer<typeof infoSchema>['siblings'][number];

const idParts = /^hf:\/\/datasets\/([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)\/(.+)$/u;

/**
 * The revision is resolved to a commit once; all files are of that commit. Throws BadInput for a dataset, revision or
 * file that is not there or that this token does not open, and a Fault for a hub that cannot be reached.
 */
export async function findHubFiles(
  path: string,
  revision: string | undefined,
  context: FindContext,
): Promise<FoundFile[]> {
  const [, id = '', wanted = ''] = idParts.exec(path) ?? [];
  if (id === '' || id.includes('..')) {
    throw new BadInput(`"${path}" names no files of a dataset`, {
      where: context.where,
      hint: 'such paths look like hf://datasets/owner/name/data/*.parquet; `revision` stands beside `path`',
    });
  }
  const hub = context.hub();
  const asked: HubPlace = { id, revision: revision ?? 'main', kind: 'dataset' };
  const address = `/api/datasets/${id}/revision/${encodeURIComponent(asked.revision)}?blobs=true`;
  const answer = await askHub(hub, asked, address, { signal: context.signal });
  const info = infoSchema.safeParse(await answer.json().catch(() => undefined));
  if (!info.success) {
    throw new Fault('the hub’s answer is not one of a hub of datasets', {
      where: 'HF_ENDPOINT',
      hint: 'the address may be that of a proxy or a log-in page',
    });
  }
  const { sha, siblings } = info.data;
  const place: HubPlace = { id, revision: sha, kind: 'dataset' };
  const { pattern } = globBase(wanted);
  const files = siblings.filter(
    ({ rfilename }) => rfilename === wanted || (pattern !== undefined && posix.matchesGlob(rfilename, wanted)),
  );
  if (files.length === 0) {
    const names = siblings.map(({ rfilename }) => rfilename).filter((name) => !name.startsWith('.'));
    throw new BadInput(`no file of the dataset ${id} matches ${wanted}`, {
      where: context.where,
      hint: `it has ${names.slice(0, 10).join(', ')}${names.length > 10 ? `, and ${names.length - 10} more` : ''}`,
    });
  }
  return files.map((file) => ({
    path: `hf://datasets/${id}/${file.rfilename}`,
    bytes: file.size,
    revision: sha,
    open: () => content(hub, place, file, context),
  }));
}

async function* content(
  hub: Hub,
  place: HubPlace,
  { rfilename, size, lfs }: Sibling,
  { signal, waitMs = 500 }: FindContext,
): AsyncGenerator<Uint8Array> {
  const name = `hf://datasets/${place.id}/${rfilename}`;
  const address = `/datasets/${place.id}/resolve/${place.revision}/${rfilename.split('/').map(encodeURIComponent).join('/')}`;
  const hash = createHash('sha256');
  const open = async (from: number): Promise<AsyncIterable<Uint8Array>> => {
    const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
    // Compressed answers would not count bytes as the hub does.
    const answer = await askHub(hub, place, address, { signal, headers: { ...range, 'accept-encoding': 'identity' } });
    return bodyFrom(answer.body ?? emptyBody(), from, answer.headers.get('content-range'));
  };
  for await (const piece of resumed({ name, bytes: size, open, mayPass, waitMs, signal })) {
    hash.update(piece);
    yield piece;
  }
  if (lfs && hash.digest('hex') !== lfs.sha256) {
    throw new Fault('the bytes that came do not have the digest that the hub states', {
      where: name,
      hint: 'something between here and the hub changes files; try again',
    });
  }
}

/** A refusal stays; what the network did may pass. */
function mayPass(error: unknown): boolean {
  return !(error instanceof BadInput);
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
