// Records the history of a closed workflow for the replay tests. Recorded files are never written again: they prove
// that today's code still runs yesterday's workflows.
//
//   node scripts/record-history.ts WORKFLOW_ID[/RUN_ID] …
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { serverTarget } from '../infra/connection.ts';
import { loadSettings, packageRoot } from '../infra/settings.ts';
import { temporalBinary } from '../infra/temporal-binary.ts';

const historySchema = z.looseObject({
  events: z.array(
    z.looseObject({
      workflowExecutionStartedEventAttributes: z
        .looseObject({ workflowType: z.looseObject({ name: z.string() }) })
        .optional(),
    }),
  ),
});

const settings = loadSettings();
const { address, namespace } = serverTarget(settings);
const temporal = await temporalBinary(settings);
for (const argument of process.argv.slice(2)) {
  const [id = '', runId] = argument.split('/');
  const { stdout } = await execa(temporal, [
    'workflow',
    'show',
    `--address=${address}`,
    `--namespace=${namespace}`,
    `--workflow-id=${id}`,
    ...(runId === undefined ? [] : [`--run-id=${runId}`]),
    '--output=json',
  ]);
  const history = historySchema.parse(JSON.parse(stdout));
  const type = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name ?? 'unknown';
  const file = join(packageRoot, 'tests', 'histories', `${type}@${packageJson.version}.json`);
  await writeFile(file, `${JSON.stringify(withoutHost(history), null, 1)}\n`, { flag: 'wx' });
  console.log(file);
}

/** Replaces the name of this machine everywhere, also inside payloads: host queues carry it. */
function withoutHost(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    const inPayload = key === 'data' && z.base64().safeParse(value).success;
    const text = inPayload ? Buffer.from(value, 'base64').toString('utf8') : value;
    const clean = text
      .replaceAll(new RegExp(`\\b${RegExp.escape(hostname())}\\b`, 'gu'), 'worker')
      .replaceAll(/^\d+@/gu, '0@');
    return inPayload ? Buffer.from(clean).toString('base64') : clean;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutHost(item));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutHost(member, name)]))
    : value;
}
