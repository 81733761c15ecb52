// What the activities need from their process; injected, so that tests can give their own.
import type { HubBase } from '../domain/run.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { GpuPool } from './launch/gpu-pool.ts';
import type { Launcher, LauncherKind } from './launch/launcher.ts';

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
  /** Which GPUs of this machine a job has. */
  readonly gpus: GpuPool;
  /** How jobs of a kind are started here; throws BadInput for a launcher that this machine does not have. */
  readonly launcherOf: (kind: LauncherKind) => Launcher;
  /** Finds a base model by name or folder on this machine; throws BadInput when it is not there. */
  readonly findBase: (name: string) => Promise<BaseModel>;
  /** Brings a hub's base model to this machine, unless it is there; goes on where an earlier try stopped. */
  readonly fetchBase: (hub: HubBase, follow: FetchFollower) => Promise<BaseModel>;
  /** A provider's key by the name of its variable, or from the file its …_FILE variable names; throws BadInput. */
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

/** Who watches a base model being fetched. */
export interface FetchFollower {
  readonly signal: AbortSignal;
  /** Bytes that are here and verified or on their way, of all bytes. */
  readonly onBytes: (have: number, total: number) => void;
}
