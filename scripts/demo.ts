// The demo: prepares a real open model and real medical-coding data, then runs the example recipe on them.
//
//   npm run demo [-- --baseline openai/gpt-6.1-terra] [-- --fresh]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { loadSettings, packageRoot } from '../infra/settings.ts';

const settings = loadSettings({}, process.env, packageRoot);
await mkdir(join(settings.home, 'demo'), { recursive: true });

const steps = [
  ['model', 'scripts/prepare_smollm2.py', join(settings.home, 'models', 'smollm2-135m-instruct')],
  ['data', 'scripts/prepare_icd10.py', join(settings.home, 'demo', 'icd10-cm.csv')],
] as const;
for (const [what, script, out] of steps) {
  const started = performance.now();
  const { exitCode } = await execa(settings.python, [script, '--out', out], {
    cwd: packageRoot,
    stdout: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) {
    console.error(`demo: preparing the ${what} failed`);
    process.exit(1);
  }
  console.error(`demo: ${what} ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

const run = await execa(
  process.execPath,
  [join(packageRoot, 'cli', 'main.ts'), 'run', 'recipes/icd10-chapters.yaml', ...process.argv.slice(2)],
  { cwd: packageRoot, stdio: 'inherit', reject: false },
);
process.exitCode = run.exitCode ?? 1;
