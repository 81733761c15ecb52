// Which model versions may serve a request. Pure, and closed by default: no answer rather than a leak.
import { closest } from 'fastest-levenshtein';
import { BadInput } from '../domain/bad-input.ts';
import { privacySchema } from '../domain/registry.ts';
import type { Privacy, RouteState } from '../domain/registry.ts';

/** What an application asks for. `privacy` is the most sensitive data in the request; unstated counts as restricted. */
export interface RouteRequest {
  readonly task: string;
  readonly privacy?: Privacy | undefined;
}

/** One model version that may answer, and why. */
interface RouteTarget {
  readonly modelVersion: string;
  readonly alias: 'champion';
  readonly reason: string;
}

/** `targets` is in order of preference and never empty; `refused` says why nothing may answer. */
export type Resolution =
  | {
      readonly outcome: 'resolved';
      readonly route: RouteState;
      readonly targets: readonly RouteTarget[];
    }
  | { readonly outcome: 'refused'; readonly route: RouteState; readonly reason: string };

/** Resolves a request against the routes' states. Throws BadInput for an unknown route, naming the nearest one. */
export function resolveRoute(states: ReadonlyMap<string, RouteState>, request: RouteRequest): Resolution {
  const route = states.get(request.task);
  if (route === undefined) {
    throw unknownRoute(states, request.task);
  }
  const asked = request.privacy ?? 'restricted';
  if (sensitivity(asked) > sensitivity(route.privacy)) {
    const stated =
      request.privacy === undefined ? 'states no privacy and so counts as restricted' : `holds ${asked} data`;
    return {
      outcome: 'refused',
      route,
      reason: `the request ${stated}; ${route.route} may see ${route.privacy} data at most`,
    };
  }
  const stake = route.standInBaseline ? ', on a verdict against a stand-in' : '';
  const reason = `champion since ${route.since} (log entry ${route.seq})${stake}; may see ${route.privacy} data`;
  return { outcome: 'resolved', route, targets: [{ modelVersion: route.champion, alias: 'champion', reason }] };
}

function sensitivity(privacy: Privacy): number {
  return privacySchema.options.indexOf(privacy);
}

function unknownRoute(states: ReadonlyMap<string, RouteState>, task: string): BadInput {
  const names = [...states.keys()].toSorted();
  return new BadInput(`there is no route "${task}"`, {
    hint:
      names.length === 0
        ? 'No route has a champion yet: run a recipe with a `route` block.'
        : `Did you mean "${closest(task, names)}"? Routes: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
  });
}
