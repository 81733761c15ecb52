// Guarantees 1 and 4: a curation that is killed at any moment leaves no result that is not whole, and is repeated exactly.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetManifestSchema } from '../../domain/dataset.ts';
import { randomFrom } from '../../datasets/synthetic-curation.ts';
import { contender, createProject, removeProject, startContender, type Project } from '../server/project.ts';

const rows = 40_000;
const kills = 10;
const random = randomFrom(17);

const draft = `name: killed
dataset:
  sources:
    - path: documents.csv
      map: { input: text, output: label }
  curate:
    dedupe: { near: { shingle: words } }
    split: { train: 0.8, validation: 0.1, test: 0.1 }
`;

describe('a curation that is killed at random moments', () => {
  let project: Project;
  let recipe: string;
  /** Of an unbroken curation into another store, with how long it took. */
  let whole: { version: string; seconds: number };
  let store: string;

  beforeAll(async () => {
    project = await createProject();
    store = join(project.folder, 'store');
    await writeFile(join(project.folder, 'documents.csv'), documents(rows));
    recipe = join(project.folder, 'killed.yaml');
    await writeFile(recipe, draft);
    const started = performance.now();
    const version = await curated(join(project.folder, 'other-store'));
    whole = { version, seconds: (performance.now() - started) / 1000 };
  }, 120_000);
  afterAll(async () => {
    await removeProject(project);
  });

  /** Curates to the end and gives the version. */
  async function curated(place: string): Promise<string> {
    const { exitCode, stdout, stderr } = await contender(project, ['curate', recipe, '--json', '--threads', '2'], {
      env: { CONTENDER_STORE: `file://${place}` },
    });
    expect(exitCode, stderr).toBe(0);
    return z.object({ version: z.string() }).parse(JSON.parse(stdout)).version;
  }

  it('stores nothing or everything, and repeated gives the same version', { timeout: 240_000 }, async () => {
    const ends: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const running = startContender(project, ['curate', recipe, '--json', '--threads', '2'], {
        env: { CONTENDER_STORE: `file://${store}` },
      });
      if (kill % 2 === 0) {
        await sleep(whole.seconds * 1000 * random());
      } else {
        // While results are written: at the first blob, or a little later.
        await untilBlob();
        await sleep(100 * random());
      }
      running.kill('SIGKILL');
      await running;
      ends.push(await stateOfStore());
    }
    process.stdout.write(`after the kills: ${ends.join(', ')}\n`);
    expect(await curated(store)).toBe(whole.version);
    expect(await stateOfStore()).toBe('whole');
    // What killed ones left in the scratch folder went when the next one started.
    const scratch = await readdir(join(project.home, 'curate'), { recursive: true });
    expect(scratch.filter((name) => name.endsWith('.jsonl'))).toEqual([]);
  });

  async function untilBlob(): Promise<void> {
    const before = (await names()).length;
    for (const end = performance.now() + whole.seconds * 3000; performance.now() < end;) {
      if ((await names()).length > before) {
        return;
      }
      await sleep(2);
    }
  }

  async function names(): Promise<string[]> {
    return await readdir(store, { recursive: true }).catch(() => []);
  }

  /** Every blob is what its name says, and a manifest is there with all its blobs or not at all. */
  async function stateOfStore(): Promise<'whole' | `${number} blobs, no manifest`> {
    const all = await names();
    const blobs = new Map<string, string>();
    for (const name of all) {
      const [, digest] = /^blobs\/sha256\/.*\/([0-9a-f]{64})$/u.exec(name) ?? [];
      if (digest !== undefined) {
        blobs.set(digest, await digestOf(join(store, name)));
      }
    }
    for (const [digest, content] of blobs) {
      expect(content).toBe(digest);
    }
    const manifests = all.filter((name) => name.endsWith('manifest.json'));
    if (manifests.length === 0) {
      return `${blobs.size} blobs, no manifest`;
    }
    expect(manifests).toEqual([`datasets/killed/${whole.version}/manifest.json`]);
    const text = await readFile(join(store, manifests[0] ?? ''), 'utf8');
    const { splits, droppedRows, lists } = datasetManifestSchema.parse(JSON.parse(text));
    const named = [...JSON.stringify([splits, droppedRows, lists]).matchAll(/"sha256":"([0-9a-f]{64})"/gu)];
    expect(named.length).toBeGreaterThanOrEqual(4);
    expect(named.filter(([, digest]) => !blobs.has(digest ?? ''))).toEqual([]);
    return 'whole';
  }
});

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) {
    hash.update(piece);
  }
  return hash.digest('hex');
}

/** CSV of documents of which every fifth repeats an earlier one with a word replaced. */
function documents(count: number): string {
  const lines: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const copied = number % 5 === 4 ? (lines[Math.floor(random() * number)] ?? '').split(',')[0] : undefined;
    const words =
      copied?.split(' ') ??
      Array.from({ length: 30 + Math.floor(random() * 30) }, () => `w${Math.floor(random() * 9000)}`);
    words[Math.floor(random() * words.length)] = `w${Math.floor(random() * 9000)}`;
    lines.push(`${words.join(' ')},label ${number % 7}`);
  }
  return `text,label\n${lines.join('\n')}\n`;
}
