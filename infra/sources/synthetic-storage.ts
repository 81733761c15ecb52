// A storage on this machine for tests: it answers as S3 and as a hub of datasets, with faults that a test turns on.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface SyntheticStorage {
  readonly endpoint: string;
  /** Content by key, or by path in the dataset. A test may change it. */
  readonly files: Map<string, Buffer>;
  readonly faults: StorageFaults;
  /** Method, path and range of what was asked for, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

interface StorageFaults {
  /** Answers so many requests for content with 500. */
  errors?: number;
  /** Cuts the connection after so many bytes of content, so many times. */
  cut?: { afterBytes: number; times: number };
  /** Called before each answer with content. */
  onContent?: () => void;
  /** Sends everything, whatever range is asked for. */
  ignoreRange?: boolean;
  /** Refuses everything with this status and code. */
  refuse?: { status: number; code: string };
}

export const bucket = 'rows';
export const datasetId = 'tiny-org/Tiny-Rows';
export const datasetCommit = '0123456789abcdef0123456789abcdef01234567';

/** Serves the bucket `rows` and the dataset `datasetId`, which hold the same files. */
export async function startSyntheticStorage(content: Readonly<Record<string, Buffer>>): Promise<SyntheticStorage> {
  const files = new Map(Object.entries(content));
  const faults: StorageFaults = {};
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim());
    answer(request, response);
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://storage');
    const path = decodeURIComponent(url.pathname);
    if (faults.refuse !== undefined) {
      const { status, code } = faults.refuse;
      response.writeHead(status, { 'x-error-code': code, 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : `<Error><Code>${code}</Code></Error>`);
    } else if (path === `/${bucket}` || path === `/${bucket}/`) {
      list(url.searchParams, response);
    } else if (path.startsWith('/api/datasets/')) {
      info(path, response);
    } else {
      const of = [`/${bucket}/`, `/datasets/${datasetId}/resolve/${datasetCommit}/`].find((start) =>
        path.startsWith(start),
      );
      send(of === undefined ? undefined : files.get(path.slice(of.length)), request, response);
    }
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const after = query.get('continuation-token') ?? '';
    const keys = [...files.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).toSorted();
    // One key a page, as real servers send long lists.
    const [key] = keys;
    const bytes = files.get(key ?? '');
    response.writeHead(200, { 'content-type': 'application/xml' });
    const more = keys.length > 1 ? `<NextContinuationToken>${key}</NextContinuationToken>` : '';
    const contents =
      bytes === undefined
        ? ''
        : `<Contents><Key>${key}</Key><Size>${bytes.length}</Size><ETag>${etagOf(bytes)}</ETag></Contents>`;
    response.end(
      `<ListBucketResult><IsTruncated>${keys.length > 1}</IsTruncated>${more}${contents}</ListBucketResult>`,
    );
  }

  function info(path: string, response: ServerResponse): void {
    const [, id, revision] = /^\/api\/datasets\/([^/]+\/[^/]+)\/revision\/(.+)$/u.exec(path) ?? [];
    if (id !== datasetId || !['main', datasetCommit].includes(revision ?? '')) {
      response.writeHead(404, { 'x-error-code': id === datasetId ? 'RevisionNotFound' : 'RepoNotFound' }).end();
      return;
    }
    const siblings = [...files].map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      lfs: { sha256: createHash('sha256').update(bytes).digest('hex') },
    }));
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ sha: datasetCommit, siblings }));
  }

  function send(bytes: Buffer | undefined, request: IncomingMessage, response: ServerResponse): void {
    if (bytes === undefined) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' });
      response.end(request.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>');
      return;
    }
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-length': bytes.length, etag: etagOf(bytes) }).end();
      return;
    }
    faults.onContent?.();
    if ((faults.errors ?? 0) > 0) {
      faults.errors = (faults.errors ?? 0) - 1;
      response.writeHead(500).end('<Error><Code>InternalError</Code></Error>');
      return;
    }
    const match = request.headers['if-match'];
    if (match !== undefined && match !== etagOf(bytes)) {
      response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
      return;
    }
    const start =
      faults.ignoreRange === true ? 0 : Number(/^bytes=(\d+)-/u.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': body.length,
      etag: etagOf(bytes),
      ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    const { cut } = faults;
    if (cut !== undefined && cut.times > 0 && cut.afterBytes < body.length) {
      cut.times -= 1;
      response.write(body.subarray(0, cut.afterBytes), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    response.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    files,
    faults,
    requests,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
