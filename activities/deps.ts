// What the activities need from their process; injected, so that tests can give their own.
import type { ObjectStore } from '../registry/store.ts';

export interface ActivityDeps {
  readonly store: ObjectStore;
  /** Folder on this machine for job folders and downloaded artefacts. Absolute. */
  readonly workFolder: string;
  /** Python with the trainer's requirements. */
  readonly python: string;
  /** Folder that holds the `trainer` package. */
  readonly trainerRoot: string;
  /** This machine, for the queue that only its workers poll. */
  readonly hostname: string;
  /** Finds a base model by name or folder on this machine; throws BadInput when it is not there. */
  readonly findBase: (name: string) => Promise<BaseModel>;
  /** Value of an environment variable that holds a provider's key. */
  readonly secret: (name: string) => string | undefined;
  readonly now: () => Date;
}

/** A base model as it lies on this machine. */
export interface BaseModel {
  readonly name: string;
  readonly folder: string;
  /** Digest over weights, configuration, tokenizer and template. */
  readonly sha256: string;
}
