// What activities get in a process that asks endpoints and nothing else.
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ActivityDeps } from '../activities/deps.ts';
import { BadInput } from '../domain/bad-input.ts';
import type { ObjectStore } from '../registry/store.ts';
import { secretOf } from './secrets.ts';
import { packageRoot, type Settings } from './settings.ts';

/** Enough to ask endpoints; whatever needs a machine of our own says that there is none. */
export function endpointDeps({ home, python, environment }: Settings, store: ObjectStore): ActivityDeps {
  return {
    store,
    workFolder: join(home, 'work'),
    python,
    trainerRoot: packageRoot,
    hostname: hostname(),
    gpus: {
      list: () => Promise.resolve([]),
      lease: () => unavailable('GPU'),
      release: () => Promise.resolve(),
    },
    launcherOf: () => unavailable('launcher'),
    findBase: () => unavailable('base model'),
    fetchBase: () => unavailable('base model'),
    secret: (name) => secretOf(environment, name),
    now: () => new Date(),
  };
}

function unavailable(what: string): never {
  throw new BadInput(`an evaluation of endpoints has no ${what}`);
}
