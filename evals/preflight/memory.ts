// Memory of a training at its peak, part by part. docs/preflight.md derives the formulas and gives their sources.
import type { LargestBatch, MemoryEstimate, MemoryPart, ModelShape } from '../../domain/preflight.ts';
import type { TrainRecipe } from '../../domain/recipe-train.ts';
import { layerBytesPerToken } from './activations.ts';

/** Settings that memory depends on. */
export type MemorySettings = Pick<
  TrainRecipe,
  | 'adapter'
  | 'lora_r'
  | 'lora_dropout'
  | 'use_dora'
  | 'gradient_checkpointing'
  | 'precision'
  | 'num_gpus'
  | 'distributed'
>;

export interface MemoryInput {
  readonly shape: ModelShape;
  readonly settings: MemorySettings;
  readonly batch: LargestBatch;
  readonly device: 'cpu' | 'cuda';
  /** Interpreter and libraries before a model is there, as measured; undefined takes the documented figure. */
  readonly processBytes?: number | undefined;
}

/** NF4 with double quantization: 4 bits, an 8-bit scale for 64 weights, a 32-bit one for 256 scales. */
export const nf4BytesPerWeight = (4 + 8 / 64 + 32 / (64 * 256)) / 8;

/** Resident after importing torch, transformers, PEFT and bitsandbytes, and a first optimizer step. */
export const cpuProcessBytes = 920 * 2 ** 20;

/** Context and kernels of CUDA, outside PyTorch's allocator: 766 to 802 MiB on an H200 with CUDA 13.0. */
export const cudaContextBytes = 800 * 2 ** 20;

/** cuBLAS' work space on Hopper, 32 MiB by PyTorch's default, for the forward and for the backward pass's thread. */
export const cublasBytes = 2 * 32 * 2 ** 20;

/** Freed, and not given back, on the CPU: a share of everything the layers make in a pass, recomputed or not. */
export const cpuAllocatorShare = 0.8;

/** Logits, their log-softmax and its gradient are alive together; each is held in 32 bits. */
const logitCopies = 3;

/** Peak memory on one device. Everything in bytes. */
export function estimateMemory(input: MemoryInput): MemoryEstimate {
  const { shape, settings, batch, device } = input;
  const tokens = batch.lines * batch.width;
  const bytesPerNumber = numberBytes(settings, device);
  const trained = shape.trained.adapter + shape.trained.saved;
  const perLayer = layerBytesPerToken(shape, settings, { device, bytesPerNumber, packed: batch.packed });
  const made = tokens * shape.layers * perLayer;
  const logits = batch.learnt * shape.vocab * 4 * logitCopies;
  const mask = batch.packed ? batch.width ** 2 * bytesPerNumber : 0;
  const parts: MemoryPart[] = [
    weights(input, bytesPerNumber),
    { name: 'adapter', bytes: trained * 4, how: `${trained} trained parameters × 4 bytes` },
    { name: 'gradients', bytes: trained * 4, how: 'one 32-bit number for each trained parameter' },
    { name: 'optimizer', bytes: trained * 8, how: 'AdamW: two 32-bit moments for each trained parameter' },
    activations(input, { tokens, perLayer, logits, bytesPerNumber }),
    { name: 'mask', bytes: mask, how: batch.packed ? `${batch.width}² numbers of the packed rows` : 'not packed' },
    {
      name: 'logits',
      bytes: logits,
      how: `${batch.learnt} learnt tokens × ${shape.vocab} words × 4 bytes × ${logitCopies} copies`,
    },
    allocator(input, { made, logits, bytesPerNumber }),
    device === 'cpu'
      ? {
          name: 'process',
          bytes: input.processBytes ?? cpuProcessBytes,
          how: `interpreter and libraries, ${input.processBytes === undefined ? 'as documented' : 'measured now'}`,
        }
      : {
          name: 'context',
          bytes: cudaContextBytes + cublasBytes,
          how: 'CUDA context and kernels, work space of cuBLAS',
        },
  ];
  return { device, parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * What the layers keep. With checkpointing their inputs, and the one layer that is recomputed: on CUDA only as far as
 * it is larger than the logits, which are freed before; the CPU's heap does not use their place again.
 */
function activations(
  { shape, settings, device }: MemoryInput,
  of: { tokens: number; perLayer: number; logits: number; bytesPerNumber: number },
): MemoryPart {
  const { tokens, perLayer, bytesPerNumber } = of;
  const places = `${tokens} token places × `;
  if (!settings.gradient_checkpointing) {
    const how = `${places}${shape.layers} layers × ${Math.round(perLayer)} bytes`;
    return { name: 'activations', bytes: tokens * shape.layers * perLayer, how };
  }
  const layer = tokens * perLayer;
  return {
    name: 'activations',
    bytes:
      tokens * shape.layers * shape.hidden * bytesPerNumber +
      (device === 'cuda' ? Math.max(0, layer - of.logits) : layer),
    how:
      `${places}(${shape.layers} layer inputs + one layer of ${Math.round(perLayer)} bytes)` +
      (device === 'cuda' ? ', the layer in the place of the logits' : ''),
  };
}

function allocator(
  { shape, settings, device }: MemoryInput,
  { made, logits, bytesPerNumber }: { made: number; logits: number; bytesPerNumber: number },
): MemoryPart {
  if (device === 'cuda') {
    return {
      name: 'allocator',
      bytes: logits,
      how: 'the logits once more: blocks of smaller passes, kept and too small for larger ones',
    };
  }
  // QLoRA unpacks the weights of every module in turn, through the same heap.
  const unpacked = settings.adapter === 'qlora' ? shape.parameters.linear * bytesPerNumber : 0;
  const of = unpacked === 0 ? 'what the layers make' : 'what the layers make and the weights unpacked';
  return {
    name: 'allocator',
    bytes: (made + unpacked) * cpuAllocatorShare,
    how: `freed and not given back: measured at ${cpuAllocatorShare} × ${of}`,
  };
}

/** Bytes of a number in the products: 2 on a GPU unless 32 bits are asked for, 4 on the CPU unless 16 are. */
export function numberBytes({ precision }: Pick<MemorySettings, 'precision'>, device: 'cpu' | 'cuda'): 2 | 4 {
  const short = precision === 'auto' ? device === 'cuda' : precision !== 'fp32';
  return short ? 2 : 4;
}

function weights({ shape, settings, device }: MemoryInput, bytesPerNumber: number): MemoryPart {
  const { linear, embedding, vectors, total } = shape.parameters;
  const shards = device === 'cuda' && settings.distributed === 'fsdp' ? settings.num_gpus : 1;
  const split = shards === 1 ? '' : `, split over ${shards} GPUs`;
  if (settings.adapter === 'qlora') {
    // A product needs its weights in full for a moment; the largest module decides.
    const largest = Math.max(0, ...shape.linear.map((module) => module.in * module.out)) * bytesPerNumber;
    return {
      name: 'weights',
      bytes: (linear * nf4BytesPerWeight + (embedding + vectors) * bytesPerNumber) / shards + largest,
      how: `${linear} weights × ${nf4BytesPerWeight.toFixed(4)} bytes (NF4, double quantization), embeddings and norms × ${bytesPerNumber}, one module in full${split}`,
    };
  }
  return {
    name: 'weights',
    bytes: (total * bytesPerNumber) / shards,
    how: `${total} parameters × ${bytesPerNumber} bytes${split}`,
  };
}
