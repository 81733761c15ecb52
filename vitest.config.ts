// Test tiers: unit tests sit beside the code; the others cross modules and live in tests/.
import { defineConfig } from 'vitest/config';

const forks = { pool: 'forks' as const };
/** These share one Temporal server and one set of workers in each project, so their files follow one another. */
const onServer = {
  ...forks,
  globalSetup: ['tests/server/global-setup.ts'],
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...forks,
          name: 'unit',
          include: [
            '{domain,datasets,evals,workflows,activities,registry,cli,infra}/**/*.test.ts',
            'tests/structure/*.test.ts',
          ],
        },
      },
      { test: { ...forks, name: 'cli', include: ['tests/{cli,differential}/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          ...forks,
          name: 'containers',
          include: ['tests/containers/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...forks,
          name: 'kubernetes',
          include: ['tests/kubernetes/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...onServer,
          name: 'server',
          include: ['tests/e2e/*.test.ts', 'tests/histories/*.test.ts'],
        },
      },
      { test: { ...onServer, name: 'faults', include: ['tests/faults/*.test.ts'] } },
    ],
  },
});
