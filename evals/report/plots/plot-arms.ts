// How arms look in every plot: name, role, colour, shape and dash.
import type { Arm } from '../../../domain/scorecard.ts';
import { visible } from '../visible.ts';
import { ink, series } from './svg.ts';

/** Candidate, the arms that it must beat, and the others. */
export type Role = 'candidate' | 'opponent' | 'other';

const roles: readonly Role[] = ['candidate', 'opponent', 'other'];

/** Colour by role; {@link roleShape} says the same, so that either is enough. */
export function roleColor() {
  const scale = { domain: [...roles], range: [ink.accent, ink.opponent, ink.muted] };
  return { field: 'role', type: 'nominal' as const, legend: null, scale };
}

/** Shape by role. */
export function roleShape() {
  const scale = { domain: [...roles], range: ['circle', 'square', 'diamond'] };
  return { field: 'role', type: 'nominal' as const, legend: null, scale };
}

export function roleOf(arm: Pick<Arm, 'id' | 'kind'>, deciding: readonly { readonly armId: string }[]): Role {
  if (arm.kind === 'candidate') {
    return 'candidate';
  }
  return deciding.some(({ armId }) => armId === arm.id) ? 'opponent' : 'other';
}

interface Named {
  readonly id: string;
  readonly label: string;
  readonly standIn: boolean;
}

/** The arm's label; with its id where another arm has the same, or the two would share one line of a plot. */
export function plotName(arm: Named, all: readonly Named[]): string {
  const shared = all.some(({ id, label }) => label === arm.label && id !== arm.id);
  const standIn = arm.standIn && !arm.label.includes('stand-in') ? ' (stand-in)' : '';
  return visible(`${arm.label}${shared ? ` [${arm.id}]` : ''}${standIn}`);
}

/** A line for each arm: colour and dash together, both told by one legend. */
export function seriesScales(names: readonly string[]) {
  return {
    color: { domain: [...names], range: names.map((_, index) => series[index % series.length]?.color ?? ink.muted) },
    strokeDash: {
      domain: [...names],
      range: names.map((_, index) => [...(series[index % series.length]?.dash ?? [])]),
    },
  };
}

/** Axis of arm names on the left; on narrow screens names are broken at parentheses instead of cut. */
export function armAxis(width: number) {
  const narrow = width < 400;
  return {
    domain: false,
    ticks: false,
    labelPadding: 10,
    labelColor: ink.text,
    labelFontSize: narrow ? 12 : 13,
    labelLimit: narrow ? 145 : 240,
    ...(narrow ? { labelExpr: String.raw`split(replace(datum.label, ' (', '\n('), '\n')` } : {}),
  } as const;
}

/** Number of ticks that fit. */
export function ticks(width: number): number {
  return width < 400 ? 4 : 9;
}
