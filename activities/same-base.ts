// Finds the base model on this machine and makes sure that it is the one the run was planned with.
import { BadInput } from '../domain/bad-input.ts';
import type { RunInput } from '../domain/run.ts';
import type { ActivityDeps, BaseModel } from './deps.ts';

export async function sameBase(deps: ActivityDeps, wanted: RunInput['base']): Promise<BaseModel> {
  const found = await deps.findBase(wanted.name);
  if (found.sha256 !== wanted.sha256) {
    throw new BadInput(`base model ${wanted.name} on ${deps.hostname} is not the one this run was planned with`, {
      where: 'model.base',
      hint: `its digest is ${found.sha256.slice(0, 12)}, the run's is ${wanted.sha256.slice(0, 12)}; use the same files on every worker, or run again with --fresh`,
    });
  }
  return found;
}
