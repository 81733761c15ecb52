// Scratch folders outlive a killed process only until the next one starts.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownScratch } from './own-scratch.ts';

const script = `
  import { ownScratch } from ${JSON.stringify(join(import.meta.dirname, 'own-scratch.ts'))};
  console.log(await ownScratch(process.argv[1]));
  setInterval(() => undefined, 1000);
`;

describe('the scratch folder of a process', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'contender-test-'));
  });
  afterEach(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it('stays while the process lives, and is removed by the next one when it was killed', async () => {
    const other = execa(process.execPath, ['--input-type=module', '--eval', script, parent], { reject: false });
    const told = String((await other.iterable().next()).value);
    await mkdir(join(told, 'rows'));
    await writeFile(join(told, 'rows', 'rows.jsonl'), 'x');
    const own = await ownScratch(parent);
    expect((await readdir(parent)).toSorted()).toEqual([basename(own), basename(told)].toSorted());
    other.kill('SIGKILL');
    await other;
    expect(await ownScratch(parent)).toBe(own);
    expect(await readdir(parent)).toEqual([basename(own)]);
  });

  it('is removed when another process has got its pid since', async () => {
    const earlier = `of-${hostname()}-${process.pid}-000000000000`;
    await mkdir(join(parent, earlier));
    const own = await ownScratch(parent);
    expect(await readdir(parent)).toEqual([basename(own)]);
  });

  it('of another machine, and whatever else lies there, is left alone', async () => {
    const others = [`of-elsewhere.example-1-000000000000`, 'of-', 'rows', `of-${hostname()}-1x-000000000000`];
    for (const name of others) {
      await mkdir(join(parent, name));
    }
    const own = await ownScratch(parent);
    expect((await readdir(parent)).toSorted()).toEqual([...others, basename(own)].toSorted());
  });
});
