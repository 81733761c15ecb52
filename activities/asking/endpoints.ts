// The endpoints that this process asks: one client and one flow each, shared by all shards under way.
import { hashOf } from '../../domain/canonical.ts';
import type { Arm } from '../../domain/scorecard.ts';
import { clientForArm, type ArmEndpoint } from '../clients/client-for-arm.ts';
import type { ModelClient } from '../clients/model-client.ts';
import type { ActivityDeps } from '../deps.ts';
import { endpointFlow, type EndpointFlow } from './endpoint-flow.ts';

export interface Endpoint {
  readonly client: ModelClient;
  readonly flow: EndpointFlow;
}

const known = new WeakMap<ActivityDeps, Map<string, EndpointFlow>>();

/**
 * The endpoint of an arm. Its flow outlives shards, so that what one shard learns of the endpoint's limits holds for the
 * next. Throws a permanent failure when the key is missing, and Error while our own server is not up.
 */
export async function endpointOf(
  deps: ActivityDeps,
  where: ArmEndpoint & { readonly patienceMs: number },
): Promise<Endpoint> {
  const { arm, runKey } = where;
  const flows = known.get(deps) ?? new Map<string, EndpointFlow>();
  known.set(deps, flows);
  const isOurs = arm.provider === 'served' || arm.provider === 'stand-in';
  const key = isOurs ? `${runKey} ${arm.provider}` : placeOf(arm);
  const flow =
    flows.get(key) ??
    endpointFlow({
      max: arm.maxConcurrency,
      patienceMs: where.patienceMs,
      heedLatency: !isOurs,
    });
  flows.set(key, flow);
  return { client: await clientForArm(deps, where), flow };
}

/** Arms of one account at one provider share its limits, whatever they ask. */
function placeOf({ provider, model, maxConcurrency, endpoint }: Arm): string {
  const { base_url, resource, region, project, api_key_env } = endpoint ?? {};
  return hashOf({ provider, model, maxConcurrency, base_url, resource, region, project, api_key_env });
}
