// What one transformer layer keeps for its backward pass, in bytes for each token.
import type { LinearModule, ModelShape } from '../../domain/preflight.ts';
import type { MemorySettings } from './memory.ts';

interface LayerOptions {
  readonly device: 'cpu' | 'cuda';
  readonly bytesPerNumber: 2 | 4;
  /** Packed rows need a mask, and attention with a mask repeats keys and values for every query head. */
  readonly packed: boolean;
}

/** Modules that read the same tensor keep one copy of it between them, as long as PEFT does not cast it for each. */
const sharedInputs = [
  ['q_proj', 'k_proj', 'v_proj'],
  ['gate_proj', 'up_proj'],
];

/**
 * Bytes per token and layer: the two norms' inputs, attention's query, keys, values, output and log-sum, the gated
 * feed-forward block's three products, and for each module with an adapter its input and the rank-r middle.
 */
export function layerBytesPerToken(shape: ModelShape, settings: MemorySettings, options: LayerOptions): number {
  const { bytesPerNumber: each, packed } = options;
  const query = shape.heads * shape.head_dim;
  const keys = packed ? query : shape.kv_heads * shape.head_dim;
  // Norms compute in 32 bits: with 16-bit numbers their inputs are kept as 32-bit copies.
  const norms = 2 * shape.hidden * 4 + 2 * 4;
  const attention = (2 * query + 2 * keys) * each + shape.heads * 4;
  const feedForward = 3 * shape.intermediate * each;
  return norms + attention + feedForward + adapterBytes(shape, settings, options);
}

function adapterBytes({ layers, linear }: ModelShape, settings: MemorySettings, options: LayerOptions): number {
  const { bytesPerNumber: each } = options;
  const targeted = linear.filter((module) => module.targeted);
  const perLayer = (sum: number): number => sum / layers;
  const middles = perLayer(total(targeted, () => settings.lora_r * each));
  const dora = settings.use_dora ? perLayer(total(targeted, (module) => 2 * module.out * each)) : 0;
  if (settings.lora_dropout > 0) {
    // Every module draws its own mask over its own copy.
    return perLayer(total(targeted, (module) => module.in * 2 * each)) + middles + dora;
  }
  // DoRA goes PEFT's own way, which copies each module's input when the adapter's numbers are wider.
  const copied = settings.use_dora && each === 2;
  const inputs = copied ? total(targeted, (module) => module.in * each) : sharedInputBytes(targeted, each);
  return perLayer(inputs) + middles + dora;
}

/** Inputs kept for the adapters' gradients, tensors that several modules read counted once. */
function sharedInputBytes(targeted: readonly LinearModule[], each: number): number {
  const single = targeted.filter(({ name }) => !sharedInputs.some((group) => group.includes(name)));
  // The input of o_proj is attention's output, which attention keeps anyway.
  const own = total(
    single.filter(({ name }) => name !== 'o_proj'),
    (module) => module.in * each,
  );
  return sharedInputs.reduce((sum, group) => {
    const readers = targeted.filter(({ name }) => group.includes(name));
    const first = readers.toSorted((left, right) => right.count - left.count)[0];
    return first === undefined ? sum : sum + first.in * each * first.count;
  }, own);
}

function total(modules: readonly LinearModule[], bytes: (module: LinearModule) => number): number {
  return modules.reduce((sum, module) => sum + bytes(module) * module.count, 0);
}
