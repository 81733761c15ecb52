// Routes as the log tells them, and how requests resolve.
import { describe, expect, it } from 'vitest';
import { BadInput } from '../domain/bad-input.ts';
import type { LogEntry } from '../domain/registry.ts';
import { resolveRoute } from './resolve.ts';
import { championOf, routeAt, routeHistory, routeStates } from './routes.ts';

const version = (digit: number): string => `model@${String(digit).padStart(12, '0')}`;

function entry(seq: number, change: Partial<LogEntry>): LogEntry {
  return {
    commitId: `c${seq}`,
    seq,
    prevHash: null,
    route: 'claims/triage',
    alias: 'champion',
    from: null,
    to: version(seq + 1),
    privacy: 'internal',
    verdictRef: null,
    actor: 'tester',
    reason: 'a test',
    standInBaseline: false,
    at: `2026-03-0${seq + 1}T02:00:00Z`,
    ...change,
  };
}

const entries = [
  entry(0, {}),
  entry(1, { route: 'medical-coding/chapter', privacy: 'restricted', standInBaseline: true }),
  entry(2, { from: version(1) }),
  entry(3, { from: version(3), to: version(1), reason: 'rollback' }),
];

describe('routes', () => {
  it('know champion and previous champion, also after a rollback', () => {
    const state = routeStates(entries).get('claims/triage');
    expect(state).toMatchObject({ champion: version(1), previous: version(3), seq: 3, since: '2026-03-04T02:00:00Z' });
    expect(championOf(entries, 'claims/triage')).toBe(version(1));
    expect(championOf(entries, 'unknown')).toBeNull();
  });

  it('have a history of their own', () => {
    expect(routeHistory(entries, 'claims/triage').map(({ seq }) => seq)).toEqual([0, 2, 3]);
  });

  it.each([
    ['2026-03-01T01:59:59Z', undefined],
    ['2026-03-01T02:00:00.000Z', version(1)],
    ['2026-03-03T03:30:00+01:00', version(3)],
    ['2027-01-01T00:00:00Z', version(1)],
  ])('can be asked who served at %s', (time, champion) => {
    expect(routeAt(entries, 'claims/triage', time)?.champion).toBe(champion);
  });

  it('refuse a time that is none', () => {
    expect(() => routeAt(entries, 'claims/triage', 'yesterday')).toThrow(BadInput);
  });
});

describe('resolveRoute', () => {
  const states = routeStates(entries);

  it.each([
    ['claims/triage', 'public', 'resolved'],
    ['claims/triage', 'internal', 'resolved'],
    ['claims/triage', 'restricted', 'refused'],
    ['claims/triage', undefined, 'refused'],
    ['medical-coding/chapter', 'restricted', 'resolved'],
    ['medical-coding/chapter', undefined, 'resolved'],
  ] as const)('a request to %s with %s data is %s', (task, privacy, outcome) => {
    expect(resolveRoute(states, { task, privacy }).outcome).toBe(outcome);
  });

  it('gives the champion with the reason, and says when its opponent was a stand-in', () => {
    expect(resolveRoute(states, { task: 'medical-coding/chapter' })).toMatchObject({
      targets: [{ modelVersion: version(2), alias: 'champion', reason: expect.stringContaining('stand-in') }],
    });
  });

  it('says why it refuses', () => {
    expect(resolveRoute(states, { task: 'claims/triage', privacy: 'restricted' })).toMatchObject({
      reason: 'the request holds restricted data; claims/triage may see internal data at most',
    });
  });

  it('names the nearest route for an unknown one', () => {
    expect(() => resolveRoute(states, { task: 'medical-coding/chapters' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Did you mean "medical-coding/chapter"') }),
    );
    expect(() => resolveRoute(new Map(), { task: 'x' })).toThrow(BadInput);
  });
});
