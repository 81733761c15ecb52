// Runs one benchmark: npm run bench -- NAME. Each writes its figures to docs/benchmarks/.
const benchmarks: Record<string, () => Promise<unknown>> = {
  training: () => import('./bench/training.ts'),
  memory: () => import('./bench/memory.ts'),
  clients: () => import('./bench/clients.ts'),
  statistics: () => import('./bench/statistics.ts'),
  report: () => import('./bench/report.ts'),
  pii: () => import('./bench/pii.ts'),
  eval: () => import('./bench/eval.ts'),
  curation: () => import('./bench/curation.ts'),
  'curation-size': () => import('./bench/curation-size.ts'),
  labels: () => import('./bench/labels.ts'),
};

const name = process.argv[2] ?? '';
const run = benchmarks[name];
if (run === undefined) {
  console.error(`bench: no benchmark ${JSON.stringify(name)}; there are: ${Object.keys(benchmarks).join(', ')}`);
  process.exit(2);
}
await run();
