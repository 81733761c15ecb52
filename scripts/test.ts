// Runs every test tier that needs no GPU and ends with the totals: `N passed, N failed`.
//
//   node scripts/test.ts [tier …]     tiers: python, unit, cli, server, faults; by name only: containers, kubernetes
//
// The faults tier mostly waits for timeouts, so it runs beside the others and prints what it has to say when it is done.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { loadSettings, packageRoot } from '../infra/settings.ts';

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

const settings = loadSettings({}, process.env, packageRoot);
const vitestReport = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), success: z.boolean() });

async function vitestTier(project: string, output: 'inherit' | 'pipe' = 'inherit'): Promise<Totals> {
  const report = join(settings.home, 'setup', `vitest-${project}.json`);
  await rm(report, { force: true });
  const { all } = await execa(
    'vitest',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    {
      cwd: packageRoot,
      preferLocal: true,
      stdin: 'ignore',
      stdout: output,
      stderr: output,
      all: true,
      reject: false,
    },
  );
  if (output === 'pipe') {
    console.error(all);
  }
  const parsed = vitestReport.safeParse(JSON.parse(await readFile(report, 'utf8').catch(() => '{}')));
  if (!parsed.success) {
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests: passed, numFailedTests, success } = parsed.data;
  // A suite that breaks before its first test has no failed test, and still has failed.
  return { passed, failed: numFailedTests === 0 && !success ? 1 : numFailedTests };
}

async function pythonTier(): Promise<Totals> {
  const { stdout, exitCode } = await execa(settings.python, ['-m', 'pytest', 'trainer/tests'], {
    cwd: packageRoot,
    env: { PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1' },
    stdin: 'ignore',
    stdout: ['inherit', 'pipe'],
    stderr: 'inherit',
    reject: false,
  });
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`, 'u').exec(stdout.slice(-500))?.[1] ?? 0);
  const failed = count('failed') + count('error');
  return { passed: count('passed'), failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}

const tiers: Record<string, () => Promise<Totals>> = {
  python: pythonTier,
  unit: () => vitestTier('unit'),
  cli: () => vitestTier('cli'),
  server: () => vitestTier('server'),
  faults: () => vitestTier('faults', 'pipe'),
  containers: () => vitestTier('containers'),
  kubernetes: () => vitestTier('kubernetes'),
};
/** These need podman, or a Kubernetes API server, which set-up does not install. */
const byNameOnly = new Set(['containers', 'kubernetes']);
const wanted =
  process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(tiers).filter((name) => !byNameOnly.has(name));

async function runTier(name: string): Promise<Totals> {
  const tier = tiers[name];
  if (tier === undefined) {
    return { passed: 0, failed: 1 };
  }
  const started = performance.now();
  console.error(`\n── ${name} tier`);
  const counted = await tier();
  // A tier that ran no test has not passed.
  const { passed, failed } = counted.passed + counted.failed === 0 ? { passed: 0, failed: 1 } : counted;
  console.error(
    `── ${name} tier: ${passed} passed, ${failed} failed, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return { passed, failed };
}

async function inTurn(names: readonly string[]): Promise<Totals[]> {
  const totals: Totals[] = [];
  for (const name of names) {
    totals.push(await runTier(name));
  }
  return totals;
}

const unknown = wanted.find((name) => tiers[name] === undefined);
if (unknown !== undefined) {
  console.error(`there is no tier ${unknown}; tiers are ${Object.keys(tiers).join(', ')}`);
  process.exit(2);
}
const totals = await Promise.all([
  inTurn(wanted.filter((name) => name !== 'faults')),
  inTurn(wanted.filter((name) => name === 'faults')),
]);
const sum = (count: (totals: Totals) => number): number => totals.flat().reduce((all, each) => all + count(each), 0);
const [passed, failed] = [sum((each) => each.passed), sum((each) => each.failed)];
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
