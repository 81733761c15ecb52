// A distilled source of numbered questions and a stub teacher, for the tests of distillation.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { sha256 } from '../../domain/canonical.ts';
import { blobKey, type BlobRef } from '../../domain/refs.ts';
import { datasetSchema } from '../../domain/recipe-dataset.ts';
import type { DatasetManifest, DroppedRow } from '../../domain/dataset.ts';
import { datasetManifest } from '../../datasets/dataset-manifest.ts';
import type { Curation } from '../../datasets/curate.ts';
import { loadRows } from '../../datasets/load-rows.ts';
import { memoryStore } from '../../registry/memory-store.ts';
import { localEndpoint, type LocalAnswer, type LocalEndpoint } from '../clients/local-endpoint.ts';
import type { ActivityDeps } from '../deps.ts';
import { syntheticDeps } from '../synthetic-deps.ts';
import { curateDistilled, type DistilWatch } from './curate-distilled.ts';

type SourceDraft = z.input<typeof datasetSchema>['sources'][number];
type DistilDraft = NonNullable<SourceDraft['distill']>;

export interface Trial extends AsyncDisposable {
  readonly endpoint: LocalEndpoint;
  readonly deps: ActivityDeps;
  /** Questions that were sent, in order. */
  asked(): string[];
  /** Curates the text of `questions.csv`. */
  curate(csv: string, draft?: TrialDraft): Promise<TrialResult>;
}

export interface TrialDraft extends DistilWatch {
  readonly teacher?: Partial<DistilDraft['teacher']>;
  readonly distill?: Partial<Omit<DistilDraft, 'teacher'>>;
  readonly source?: Partial<SourceDraft>;
  readonly curate?: Partial<z.input<typeof datasetSchema>['curate']>;
  readonly plan?: boolean;
  readonly signal?: AbortSignal;
}

export interface TrialResult extends Pick<Curation, 'read' | 'kept' | 'remarks' | 'distilled'> {
  readonly rows: readonly { readonly input: string; readonly output: string; readonly line: number }[];
  readonly drops: readonly Pick<DroppedRow, 'rule' | 'detail'>[];
  readonly dropLines: readonly number[];
  readonly version: string;
  readonly manifest: DatasetManifest;
}

/** A file of questions, one a line from line 2 on. */
export const questionsCsv = (questions: readonly string[]): string => `text\n${questions.join('\n')}\n`;

/** `question 1` to `question n`. */
export const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `question ${at + 1}`);

export interface Said {
  readonly text?: string;
  readonly finish?: string;
}

/** A chat completion of 10 prompt and 2 completion tokens. */
export function completionOf({ text = 'yes', finish = 'stop' }: Said): LocalAnswer {
  return {
    body: {
      id: 'a',
      object: 'chat.completion',
      created: 0,
      model: 'big',
      choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', content: text } }],
      usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    },
  };
}

/** `answer` gets the question and the number of the request, from 0. */
export async function distillationTrial(
  answer: (question: string, request: number) => LocalAnswer = () => completionOf({}),
): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'contender-distill-'));
  let requests = 0;
  const endpoint = await localEndpoint(({ body }) => {
    requests += 1;
    return answer(questionIn(body), requests - 1);
  });
  const deps = syntheticDeps({ store: memoryStore(), workFolder: folder });
  return {
    endpoint,
    deps,
    asked: () => endpoint.requests.map(({ body }) => questionIn(body)),
    curate: async (csv, draft = {}) => await curated(deps, endpoint.url, csv, draft),
    async [Symbol.asyncDispose]() {
      await endpoint[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function curated(deps: ActivityDeps, url: string, csv: string, draft: TrialDraft): Promise<TrialResult> {
  const { plan, onDistilled, onAnswer, signal } = draft;
  const dataset = datasetSchema.parse({
    sources: [
      {
        path: 'questions.csv',
        map: { input: 'text' },
        distill: {
          teacher: { provider: 'openai-compatible', model: 'big', base_url: `${url}/v1`, ...draft.teacher },
          prompt: { system: 'Answer.', user: 'Q: {input}' },
          terms: 'own model',
          ...draft.distill,
        },
        ...draft.source,
      },
    ],
    curate: {
      split: { train: 0.5, test: 0.5 },
      dedupe: { near: false },
      ...draft.curate,
    },
  });
  const curation = await curateDistilled(
    deps,
    {
      name: 'trial',
      dataset,
      threads: 0,
      signal,
      files: [{ path: 'questions.csv', source: 0, bytes: Buffer.byteLength(csv), open: () => whole(csv) }],
    },
    { plan, onDistilled, onAnswer },
  );
  try {
    const { splits, dropped } = await loadRows(curation);
    const manifest = datasetManifest(curation, {
      train: await refOf(curation.splits.train.path),
      validation: await refOf(curation.splits.validation.path),
      test: await refOf(curation.splits.test.path),
      dropped: await refOf(curation.lists.dropped),
    });
    const { read, kept, remarks, distilled } = curation;
    return {
      read,
      kept,
      remarks,
      distilled,
      rows: [...splits.train, ...splits.validation, ...splits.test]
        .map(({ input, output, origin }) => ({ input, output, line: origin.line }))
        .toSorted((left, right) => left.line - right.line),
      drops: dropped.map(({ rule, detail }) => ({ rule, ...(detail === undefined ? {} : { detail }) })),
      dropLines: dropped.map(({ origin }) => origin.line),
      version: manifest.version,
      manifest,
    };
  } finally {
    await curation.remove();
  }
}

async function refOf(path: string): Promise<BlobRef> {
  const bytes = await readFile(path);
  const digest = sha256(bytes);
  return { key: blobKey(digest), sha256: digest, bytes: bytes.length };
}

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

function questionIn(body: unknown): string {
  return /Q: (?<question>[^"\\]*)/u.exec(JSON.stringify(body))?.groups?.['question'] ?? '';
}
