// The wires of all providers, and how a test asks over them.
import { baselineSchema } from '../../domain/recipe-baseline.ts';
import type { ClosedProvider } from './provider-client.ts';
import type { ProviderAccess } from './provider-access.ts';
import { anthropicWire } from './synthetic-wire-anthropic.ts';
import { bedrockWire } from './synthetic-wire-bedrock.ts';
import { chatWires } from './synthetic-wire-chat.ts';
import { googleWire, vertexWire } from './synthetic-wire-gemini.ts';
import { replicateWire } from './synthetic-wire-replicate.ts';
import type { Wire } from './synthetic-wire.ts';

export const wires: Readonly<Record<ClosedProvider, Wire>> = {
  ...chatWires,
  anthropic: anthropicWire,
  bedrock: bedrockWire,
  google: googleWire,
  vertex: vertexWire,
  replicate: replicateWire,
};

export interface WireAccess {
  readonly stream?: boolean;
  readonly timeoutMs?: number;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A baseline of the provider whose vendor is a stub at `url`. */
export function wireAccess(wire: Wire, url: string, options: WireAccess = {}): ProviderAccess {
  const { stream = false, timeoutMs = 5000, secrets = wire.secrets } = options;
  return {
    baseline: baselineSchema.parse({ ...wire.baseline, stream }),
    secret: (name) => secrets[name],
    timeoutMs,
    baseUrl: `${url}${wire.basePath}`,
  };
}
