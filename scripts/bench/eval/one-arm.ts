// One arm on a suite in a process of its own: the code of `contender eval` without a second arm and a verdict.
//
//   node scripts/bench/eval/one-arm.ts SUITE.yaml ENDPOINT
//
// The last line of its output is JSON. Store and work folder are those of CONTENDER_HOME, so that a second start goes on.
import { hashOf } from '../../../domain/canonical.ts';
import { keepSuiteRows } from '../../../activities/asked-suite.ts';
import { askArm } from '../../../activities/asking/ask-arm.ts';
import { score } from '../../../activities/score.ts';
import { endpointOfFlag } from '../../../cli/endpoint-flag.ts';
import { loadSuite, storeSuite } from '../../../cli/load-suite.ts';
import { endpointArm } from '../../../evals/arms.ts';
import { endpointDeps } from '../../../infra/endpoint-deps.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { openStore } from '../../../registry/open-store.ts';

const [suitePath = '', endpoint = ''] = process.argv.slice(2);
const settings = loadSettings();
const store = await openStore(settings.store);
const deps = endpointDeps(settings, store);
const arm = endpointArm(endpointOfFlag('ENDPOINT', endpoint, settings.environment), 'candidate', 'candidate');
const { suite, rows } = await storedSuite();
const runKey = `bench-${hashOf({ suite: suite.sha256, arm }).slice(0, 16)}`;
const plan = { rows, shardRows: 200 };
const loadedAt = cpuSeconds();
const loadedRss = peakRssMiB();
const started = performance.now();
const asked = await askArm(
  deps,
  { runKey, suite, arm, identity: `${arm.provider}/${arm.model}`, cacheEpoch: '' },
  plan,
  {
    signal: new AbortController().signal,
  },
);
const askSeconds = (performance.now() - started) / 1000;
const askedAt = cpuSeconds();
const askedRss = peakRssMiB();
const { exactMatch, n, errors } = await score(deps, { runKey, suite, arm, asked });
console.log(
  JSON.stringify({
    rows: n,
    errors,
    accuracy: exactMatch,
    requests: asked.requests,
    askSeconds,
    peakRssMiB: { loading: loadedRss, asking: askedRss, scoring: peakRssMiB() },
    cpuSeconds: { loading: loadedAt, asking: askedAt - loadedAt, scoring: cpuSeconds() - askedAt },
  }),
);

/** Loads and stores the suite, as the command does. */
async function storedSuite() {
  const loaded = await loadSuite(suitePath, store);
  const ref = await storeSuite(store, loaded);
  await keepSuiteRows(store, ref, loaded.suite.rows);
  return { suite: ref, rows: loaded.suite.rows.length };
}

/** The largest resident set so far. */
function peakRssMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
