import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { largestBatchSchema, modelShapeSchema } from '../../domain/preflight.ts';
import { trainSchema } from '../../domain/recipe-train.ts';
import { decoderShape } from './entry-shape.ts';
import { estimateError } from './fit.ts';
import { cublasBytes, estimateMemory, nf4BytesPerWeight, type MemoryInput } from './memory.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

const report = z
  .object({
    measured: z.array(
      z.object({
        name: z.string(),
        train: z.record(z.string(), z.unknown()),
        model: modelShapeSchema,
        largest_batch: largestBatchSchema,
        peak_memory_bytes: z.int().positive(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(docs, 'benchmarks', 'memory.json'), 'utf8')));

type Measured = (typeof report)['measured'][number];

function estimateOf({ train, model, largest_batch }: Measured): number {
  return estimateMemory({ shape: model, settings: trainSchema.parse(train), batch: largest_batch, device: 'cpu' })
    .bytes;
}

const mebibytes = (bytes: number): string => String(Math.round(bytes / 2 ** 20));

/** A line of the table in docs/preflight.md: name, largest pass, MiB estimated, MiB measured, error in per cent. */
function tableRow(one: Measured): string {
  const { lines, width } = one.largest_batch;
  const error = ((estimateOf(one) / one.peak_memory_bytes - 1) * 100).toFixed(1);
  const cells = [one.name, `${lines} × ${width}`, mebibytes(estimateOf(one)), mebibytes(one.peak_memory_bytes), error];
  return `| ${cells.join(' | ')} |`;
}

describe('the memory estimate', () => {
  it('is held against at least four measured configurations, QLoRA and recomputed activations among them', () => {
    const settings = report.measured.map(({ train }) => trainSchema.parse(train));
    expect(settings.length).toBeGreaterThanOrEqual(4);
    expect(settings.some(({ adapter }) => adapter === 'qlora')).toBe(true);
    expect(settings.some((train) => train.gradient_checkpointing)).toBe(true);
  });

  it.each(report.measured)('is within 20 % of the measured peak: $name', (one) => {
    const error = estimateOf(one) / one.peak_memory_bytes - 1;
    expect(Math.abs(error), `off by ${(error * 100).toFixed(1)} %`).toBeLessThan(estimateError);
  });

  it('is written down beside the measurements in docs/preflight.md', () => {
    const page = readFileSync(join(docs, 'preflight.md'), 'utf8').replaceAll(/ +/gu, ' ');
    const missing = report.measured.map((one) => tableRow(one)).filter((line) => !page.includes(line));
    expect(missing, 'put these lines into the table').toEqual([]);
  });
});

const gpuSide = z.object({ allocated_peak: z.int().positive(), process_used_peak: z.int().positive() });
const gpu = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        train: z.record(z.string(), z.unknown()),
        model: modelShapeSchema,
        largest_batch: largestBatchSchema,
        sides: z.object({ contender: gpuSide }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(docs, 'benchmarks', 'gpu.json'), 'utf8')));

/** What tensors take at the peak, as PyTorch counts it, and what the process takes of the GPU, as the driver counts it. */
function onGpu({ train, model, largest_batch, sides }: (typeof gpu)['cases'][number]): {
  tensors: [estimated: number, measured: number];
  process: [estimated: number, measured: number];
} {
  const settings = trainSchema.parse(train);
  const { parts, bytes } = estimateMemory({ shape: model, settings, batch: largest_batch, device: 'cuda' });
  const outside = parts.filter(({ name }) => name === 'allocator' || name === 'context');
  const tensors = outside.reduce((left, one) => left - one.bytes, bytes + cublasBytes);
  const { allocated_peak, process_used_peak } = sides.contender;
  return { tensors: [tensors, allocated_peak], process: [bytes, process_used_peak] };
}

const percent = ([estimated, measured]: [number, number]): string => ((estimated / measured - 1) * 100).toFixed(1);

function gpuRow(one: (typeof gpu)['cases'][number]): string {
  const { lines, width, learnt } = one.largest_batch;
  const { tensors, process } = onGpu(one);
  const figures = [tensors, process].flatMap((pair) => pair.map(mebibytes).concat(percent(pair)));
  return `| ${[one.name, `${lines} × ${width}`, learnt, ...figures].join(' | ')} |`;
}

describe('the memory estimate of a GPU', () => {
  it('is held against models of three sizes, with and without 4 bits and recomputed activations', () => {
    const kinds = gpu.cases.map(({ model, train }) =>
      [model.layers, train['adapter'], train['gradient_checkpointing']].join(' '),
    );
    expect(gpu.cases).toHaveLength(12);
    expect(new Set(kinds).size).toBe(9);
  });

  it.each(gpu.cases)('is within 20 % of the measured peak: $name', (one) => {
    const [estimated, measured] = onGpu(one).process;
    expect(Math.abs(estimated / measured - 1)).toBeLessThan(estimateError);
  });

  it.each(gpu.cases)('counts the tensors alone within 10 %: $name', (one) => {
    const [estimated, measured] = onGpu(one).tensors;
    expect(Math.abs(estimated / measured - 1)).toBeLessThan(0.1);
  });

  it('is written down beside the measurements in docs/preflight.md', () => {
    const page = readFileSync(join(docs, 'preflight.md'), 'utf8').replaceAll(/ +/gu, ' ');
    const missing = gpu.cases.map((one) => gpuRow(one)).filter((line) => !page.includes(line));
    expect(missing, 'put these lines into the table').toEqual([]);
  });
});

const numbers = { layers: 32, hidden: 4096, intermediate: 14_336, heads: 32, kvHeads: 8, headDim: 128, vocab: 128_256 };
const settings = trainSchema.parse({});
const shape = decoderShape({ ...numbers, tied: false, context: 131_072 }, settings);
const batch = { lines: 1, width: 1000, learnt: 100, packed: true };

function part(change: Partial<MemoryInput>, name: string): number {
  const { parts } = estimateMemory({ shape, settings, batch, device: 'cuda', ...change });
  return parts.find((one) => one.name === name)?.bytes ?? Number.NaN;
}

describe('the parts of the estimate', () => {
  it('add up to it', () => {
    const { parts, bytes } = estimateMemory({ shape, settings, batch, device: 'cpu' });
    expect(parts.reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes);
  });

  it('hold NF4 weights at 4.127 bits', () => {
    expect(nf4BytesPerWeight * 8).toBeCloseTo(4.127, 3);
    const qlora = { ...settings, adapter: 'qlora' as const };
    const largest = 4096 * 14_336 * 2;
    const { linear, embedding, vectors } = shape.parameters;
    expect(part({ settings: qlora }, 'weights')).toBeCloseTo(
      linear * nf4BytesPerWeight + (embedding + vectors) * 2 + largest,
      0,
    );
  });

  it('hold weights in 16 bits on a GPU and in 32 on the CPU', () => {
    expect(part({}, 'weights')).toBe(shape.parameters.total * 2);
    expect(part({ device: 'cpu' }, 'weights')).toBe(shape.parameters.total * 4);
  });

  it('split the weights over GPUs with FSDP, and not with DDP', () => {
    const four = { ...settings, num_gpus: 4 };
    expect(part({ settings: four }, 'weights')).toBe(part({}, 'weights'));
    expect(part({ settings: { ...four, distributed: 'fsdp' } }, 'weights')).toBe(part({}, 'weights') / 4);
  });

  it('count 16 bytes for every trained parameter', () => {
    const trained = ['adapter', 'gradients', 'optimizer'].reduce((sum, name) => sum + part({}, name), 0);
    expect(trained).toBe(shape.trained.adapter * 16);
  });

  it('keep less when activations are recomputed', () => {
    const recomputed = part({ settings: { ...settings, gradient_checkpointing: true } }, 'activations');
    expect(recomputed).toBeLessThan(part({}, 'activations') / 10);
  });

  it('recompute a layer in the place of the logits on a GPU, and beside them on the CPU', () => {
    const recomputed = { ...settings, gradient_checkpointing: true };
    const many = { ...batch, learnt: 1000 };
    const inputs = 1000 * 32 * 4096;
    expect(part({ settings: recomputed, batch: many }, 'activations')).toBe(inputs * 2);
    expect(part({ settings: recomputed, batch: many, device: 'cpu' }, 'activations')).toBeGreaterThan(inputs * 4);
    expect(part({ settings: recomputed, batch: { ...batch, learnt: 0 } }, 'activations')).toBeGreaterThan(inputs * 2);
  });

  it('keep an input that several modules read once, in 16 bits too, and for each where DoRA computes', () => {
    const without = part({ shape: { ...shape, linear: [] } }, 'activations');
    const places = 1000 * 32;
    const middles = 7 * settings.lora_r * 2;
    expect(part({}, 'activations') - without).toBe(places * ((2 * 4096 + 14_336) * 2 + middles));
    const dora = { ...settings, use_dora: true };
    const outputs = 2 * (2 * 4096 + 2 * 1024 + 2 * 14_336 + 4096) * 2;
    expect(part({ settings: dora }, 'activations') - without).toBe(
      places * ((6 * 4096 + 14_336) * 2 + middles + outputs),
    );
  });

  it('keep no inputs for modules without an adapter', () => {
    const few = decoderShape(
      { ...numbers, tied: false, context: null },
      { ...settings, lora_target_modules: ['q_proj', 'v_proj'] },
    );
    expect(part({ shape: few }, 'activations')).toBeLessThan(part({}, 'activations'));
  });

  it('keep a mask and repeated keys only for packed rows', () => {
    expect(part({}, 'mask')).toBe(1000 ** 2 * 2);
    const padded = { ...batch, packed: false };
    expect(part({ batch: padded }, 'mask')).toBe(0);
    expect(part({ batch: padded }, 'activations')).toBeLessThan(part({}, 'activations'));
  });
});
