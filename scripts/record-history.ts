// Records the history of a closed workflow for the replay tests. Recorded files are never written again: they prove
// that today's code still runs yesterday's workflows.
//
//   node scripts/record-history.ts WORKFLOW_ID …
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { connectClient } from '../infra/connection.ts';
import { loadSettings, packageRoot } from '../infra/settings.ts';

const { client, connection } = await connectClient(loadSettings());
for (const id of process.argv.slice(2)) {
  const handle = client.workflow.getHandle(id);
  const { type } = await handle.describe();
  const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()));
  const file = join(packageRoot, 'tests', 'histories', `${type}@${packageJson.version}.json`);
  await writeFile(file, `${JSON.stringify(withoutHost(history), null, 1)}\n`, { flag: 'wx' });
  console.log(file);
}
await connection.close();

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
