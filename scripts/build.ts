// Builds dist/ for the package's bin: JavaScript without tests, and the workflow bundle that workers load.
//
//   npm run build
import { chmod, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { execa } from 'execa';
import { packageRoot } from '../infra/settings.ts';

const dist = join(packageRoot, 'dist');
const command = join(dist, 'cli', 'main.js');

/** Runs one step and says how long it took. */
async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  console.error(`build: ${what} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

await rm(dist, { recursive: true, force: true });
// The project lists entry points, so that only what they reach is built: no tests, no test helpers.
await step('JavaScript', () =>
  execa('tsc', ['--project', 'tsconfig.build.json'], { cwd: packageRoot, preferLocal: true, stdio: 'inherit' }),
);
await step('workflow bundle', async () => {
  // From the sources, as a worker in development bundles them: both run the same workflow code.
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(packageRoot, 'workflows', 'index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  await writeFile(join(dist, 'workflow-bundle.js'), code);
});
await chmod(command, 0o755);
await step('check', async () => {
  const quiet = { cwd: packageRoot, stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' } as const;
  await execa(process.execPath, [command, '--help'], quiet);
  await execa(process.execPath, [command, 'validate', 'recipes/icd10-chapters.yaml'], quiet);
});
const { size } = await stat(join(dist, 'workflow-bundle.js'));
console.error(`build: dist/ is ready, the workflow bundle has ${Math.round(size / 1024)} KiB`);
