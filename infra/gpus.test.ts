import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeGpus, findGpus, parseGpus, parseMig } from './gpus.ts';

const two = `0, GPU-5c1d0000-0000-0000-0000-000000000000, NVIDIA L4, 23034
1, GPU-7e2f0000-0000-0000-0000-000000000000, NVIDIA A100-SXM4-40GB, 40960
`;
const list = `GPU 0: NVIDIA L4 (UUID: GPU-5c1d0000-0000-0000-0000-000000000000)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-7e2f0000-0000-0000-0000-000000000000)
  MIG 1g.5gb      Device  0: (UUID: MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f)
  MIG 1g.5gb+me   Device  1: (UUID: MIG-cba663e8-9bed-5b25-b243-5985ef7c9beb)
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contender-gpus-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** A driver's tool that answers as told, and only to the arguments we use. */
async function fakeTool(answer: string, exitCode = 0): Promise<NodeJS.ProcessEnv> {
  await writeFile(join(folder, 'query'), answer);
  await writeFile(join(folder, 'list'), list);
  await writeFile(
    join(folder, 'nvidia-smi'),
    `#!/bin/sh
if [ "$*" = "--query-gpu=index,uuid,name,memory.total --format=csv,noheader,nounits" ]; then cat ${folder}/query; exit ${exitCode}; fi
if [ "$*" = "-L" ]; then cat ${folder}/list; exit 0; fi
exit 2
`,
  );
  await chmod(join(folder, 'nvidia-smi'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

describe('the GPUs of a machine', () => {
  it('are none without a driver', async () => {
    expect(await findGpus({ PATH: folder })).toEqual([]);
  });

  it('are none when the driver has no device', async () => {
    expect(await findGpus(await fakeTool('No devices were found\n', 6))).toEqual([]);
  });

  it('are told by the driver’s tool, with memory in bytes', async () => {
    expect(await findGpus(await fakeTool(two))).toEqual([
      { id: 'GPU-5c1d0000-0000-0000-0000-000000000000', name: 'NVIDIA L4', memoryBytes: 23_034 * 2 ** 20 },
      { id: 'GPU-7e2f0000-0000-0000-0000-000000000000', name: 'NVIDIA A100-SXM4-40GB', memoryBytes: 40_960 * 2 ** 20 },
    ]);
  });

  it('are read from the line that a driver 580 gave for an H200', async () => {
    const line = '0, GPU-1f2e3d4c-5b6a-4798-8877-665544332211, NVIDIA H200, 143771\n';
    const gpus = await findGpus(await fakeTool(line));
    expect(gpus).toEqual([
      { id: 'GPU-1f2e3d4c-5b6a-4798-8877-665544332211', name: 'NVIDIA H200', memoryBytes: 143_771 * 2 ** 20 },
    ]);
    expect(describeGpus(gpus)).toBe('1 × NVIDIA H200, 140.4 GiB');
  });

  it('cannot be guessed when the driver is broken', async () => {
    const environment = await fakeTool("NVIDIA-SMI has failed because it couldn't communicate with the driver.\n", 9);
    await expect(findGpus(environment)).rejects.toMatchObject({
      name: 'Fault',
      message: expect.stringContaining("couldn't communicate"),
      hint: expect.stringContaining('CUDA_VISIBLE_DEVICES'),
    });
  });

  it('may have memory that the driver does not tell', () => {
    expect(parseGpus('0, GPU-1, NVIDIA GB10, [N/A]\n')).toMatchObject([{ memoryBytes: 0 }]);
  });

  it('are not read from other words', () => {
    expect(() => parseGpus('hello\n')).toThrow(/not index, uuid, name, memory/u);
  });
});

async function ids(visible: string): Promise<string[]> {
  const gpus = await findGpus({ ...(await fakeTool(two)), CUDA_VISIBLE_DEVICES: visible });
  return gpus.map(({ id }) => id.slice(0, 8));
}

describe('CUDA_VISIBLE_DEVICES', () => {
  it('picks by number, in its order', async () => {
    expect(await ids('1,0')).toEqual(['GPU-7e2f', 'GPU-5c1d']);
    expect(await ids('1')).toEqual(['GPU-7e2f']);
  });

  it('picks by UUID, also by its beginning', async () => {
    expect(await ids('GPU-7e2f')).toEqual(['GPU-7e2f']);
  });

  it('picks a MIG device, with the memory of its profile', async () => {
    expect(await ids('MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f')).toEqual(['MIG-c6d4']);
    expect(parseMig(list).map(({ name, memoryBytes }) => [name, memoryBytes / 2 ** 30])).toEqual([
      ['MIG 1g.5gb', 5],
      ['MIG 1g.5gb+me', 5],
    ]);
  });

  it.each(['', ' ', '-1'])('means no GPU when it is "%s", and the tool is not asked', async (visible) => {
    const environment = await fakeTool('broken', 9);
    expect(await findGpus({ ...environment, CUDA_VISIBLE_DEVICES: visible })).toEqual([]);
  });

  it('naming a GPU that is not there is an error, not fewer GPUs', async () => {
    await expect(ids('0,7')).rejects.toMatchObject({
      message: 'this machine has no GPU "7"',
      where: 'CUDA_VISIBLE_DEVICES',
    });
  });
});

it('GPUs are described by kind', () => {
  const l4 = { id: 'a', name: 'NVIDIA L4', memoryBytes: 23_034 * 2 ** 20 };
  expect(describeGpus([l4, { ...l4, id: 'b' }])).toBe('2 × NVIDIA L4, 22.5 GiB');
  expect(describeGpus([])).toBe('none: jobs run on the CPU');
});
