// A stretch of digit groups with the same separator between all of them, which may be a number of some kind.

export interface NumberCandidate {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  /** Digits in each group. */
  readonly groups: readonly number[];
  /** ' ', '-', '' for one group; 'mixed' where separators differ. */
  readonly separator: string;
}
