// What the registry log says about routes: now, at a time, and over time.
import { BadInput } from '../domain/bad-input.ts';
import type { LogEntry, RouteState } from '../domain/registry.ts';

/** Every route's state after the given entries, by route name. */
export function routeStates(entries: readonly LogEntry[]): Map<string, RouteState> {
  const states = new Map<string, RouteState>();
  for (const entry of entries) {
    states.set(entry.route, {
      route: entry.route,
      champion: entry.to,
      previous: states.get(entry.route)?.champion ?? null,
      privacy: entry.privacy,
      seq: entry.seq,
      since: entry.at,
      verdictRef: entry.verdictRef,
      standInBaseline: entry.standInBaseline,
    });
  }
  return states;
}

/** The moves of one route, oldest first. */
export function routeHistory(entries: readonly LogEntry[], route: string): LogEntry[] {
  return entries.filter((entry) => entry.route === route);
}

/**
 * The route as it stood at a time, or undefined before its first move. Clocks of writers may differ, so the
 * order is the log's: the last entry dated at or before the time decides. Throws BadInput when `time` is no ISO 8601 time.
 */
export function routeAt(entries: readonly LogEntry[], route: string, time: string): RouteState | undefined {
  const limit = Date.parse(time);
  if (Number.isNaN(limit)) {
    throw new BadInput(`"${time}" is not a time`, { hint: 'Write it like 2026-03-01T12:00:00Z.' });
  }
  const history = routeHistory(entries, route);
  const count = history.findLastIndex((entry) => Date.parse(entry.at) <= limit) + 1;
  return routeStates(history.slice(0, count)).get(route);
}

/** The model version that holds the route, or null when nothing does. */
export function championOf(entries: readonly LogEntry[], route: string): string | null {
  return entries.findLast((entry) => entry.route === route)?.to ?? null;
}
