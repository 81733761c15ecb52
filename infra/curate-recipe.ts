// Curates a dataset in this process, without Temporal.
import { rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DatasetRecipe } from '../domain/recipe-dataset.ts';
import { curateDistilled, type DistilWatch } from '../activities/distill/curate-distilled.ts';
import { ownScratch } from '../activities/own-scratch.ts';
import { piiTools } from '../activities/pii/pii-tools.ts';
import type { CurateFile, CurateInput, Curation } from '../datasets/curate.ts';
import { buildReferences, type Reference } from '../datasets/decontaminate/build-references.ts';
import type { ObjectStore } from '../registry/store.ts';
import { endpointDeps } from './endpoint-deps.ts';
import { hubOf } from './hub-api.ts';
import { secretOf } from './secrets.ts';
import type { Settings } from './settings.ts';
import { findFiles } from './sources/find-files.ts';

export interface DatasetToCurate extends Pick<CurateInput, 'name' | 'dataset' | 'labels' | 'rejectedNeeded'> {
  /** Path of the recipe; paths of sources are relative to it. */
  readonly path: string;
  /** Texts of evaluations that no row may hold. */
  readonly references: () => AsyncIterable<Reference>;
}

export interface CurateOptions extends Pick<CurateInput, 'signal' | 'onProgress' | 'threads' | 'scratch'>, DistilWatch {
  /** True to ask no teacher: answers that are not in the store count as empty. */
  readonly plan?: boolean;
}

/**
 * Teachers of distilled sources are asked with the keys of the environment, and their answers kept in the store. Throws
 * BadInput for a source that is not there and whatever curation refuses. The caller removes what it returns.
 */
export async function curateHere(
  settings: Settings,
  store: ObjectStore,
  { path, references, ...job }: DatasetToCurate,
  { plan, onDistilled, onAnswer, ...options }: CurateOptions = {},
): Promise<Curation> {
  const { home, environment } = settings;
  const { pii, decontaminate } = job.dataset.curate;
  const files = await filesOfSources(path, job.dataset, environment, options.signal);
  const own = options.scratch === undefined ? await ownScratch(join(home, 'curate')) : undefined;
  // A command curates once, so that its folder may go with the last thing in it.
  const leave = async (): Promise<void> => {
    await (own === undefined ? undefined : rmdir(own).catch(() => undefined));
  };
  try {
    const curation = await curateIn(own);
    const remove = async (): Promise<void> => {
      await curation.remove();
      await leave();
    };
    return { ...curation, remove };
  } catch (error) {
    await leave();
    throw error;
  }

  async function curateIn(scratch: string | undefined): Promise<Curation> {
    const input = {
      ...job,
      ...options,
      files,
      ...(scratch === undefined ? {} : { scratch }),
      ...piiTools(pii, (name) => secretOf(environment, name)),
      references: decontaminate === undefined ? undefined : await buildReferences(references(), decontaminate),
    };
    return await curateDistilled(endpointDeps(settings, store), input, { plan, onDistilled, onAnswer });
  }
}

/** The files of all sources of a recipe at `path`, those of the first source first. Throws as `findFiles` does. */
export async function filesOfSources(
  path: string,
  { sources }: DatasetRecipe,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<CurateFile[]> {
  const files: CurateFile[] = [];
  for (const [source, place] of sources.entries()) {
    const found = await findFiles(place, {
      folder: dirname(resolve(path)),
      where: `dataset.sources.${source}.path`,
      hub: () => hubOf(environment),
      signal,
    });
    files.push(...found.map((file) => Object.assign(file, { source })));
  }
  return files;
}
