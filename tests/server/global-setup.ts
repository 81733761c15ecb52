// One Temporal server and one set of workers for the whole server tier, started by the real `contender up`.
import type { TestProject } from 'vitest/node';
import { contender, createProject, makeTinyModel, removeProject, type Project } from './project.ts';

declare module 'vitest' {
  interface ProvidedContext {
    project: Project;
  }
}

export async function setup(vitest: TestProject): Promise<() => Promise<void>> {
  const project = await createProject();
  await makeTinyModel(project.home);
  const up = await contender(project, ['up'], { env: { MARKER_API_KEY: 'sk-marker-4f9d1c' } });
  if (up.exitCode !== 0) {
    throw new Error(`contender up failed: ${up.stderr}`);
  }
  vitest.provide('project', project);
  return async () => {
    const down = await contender(project, ['down']);
    await removeProject(project);
    if (down.exitCode !== 0) {
      throw new Error(`contender down failed, services may still run: ${down.stderr}`);
    }
  };
}
