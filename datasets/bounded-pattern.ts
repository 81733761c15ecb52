// Patterns of the recipe, compiled so that none of them can hold up the work, whatever the text.
import { BadInput } from '../domain/bad-input.ts';

export interface PatternBounds {
  /** `*`, `+` and `{n,}` stop after this many further repetitions. */
  readonly unboundedMeans: number;
  /** Ways in which a match can be tried from one place, at most. */
  readonly mostWays: number;
}

/** For patterns that are tried from every place of a text. */
const searchBounds: PatternBounds = { unboundedMeans: 32, mostWays: 1100 };
const longestPattern = 1000;

/** Throws BadInput for a pattern that is not valid, matches the empty text, or could take long. `flags` hold `u`. */
export function compilePattern(pattern: string, flags: string, where: string): RegExp {
  const bounded = requireBounded(pattern, where, searchBounds);
  const compiled = compiledPattern(bounded, flags, where);
  if (new RegExp(bounded, 'u').test('')) {
    throw new BadInput('the pattern matches the empty text', { where, hint: 'make it ask for at least one character' });
  }
  return compiled;
}

/**
 * The pattern for a text as a whole, tried from its beginning alone. Texts up to `unboundedMeans` characters meet it
 * as it was written. Throws BadInput for a pattern that is not valid or could take long.
 */
export function compileWholePattern(pattern: string, where: string, bounds: PatternBounds): RegExp {
  return compiledPattern(`^(?:${requireBounded(pattern, where, bounds)})$`, 'u', where);
}

function requireBounded(pattern: string, where: string, bounds: PatternBounds): string {
  const bounded = boundedPattern(pattern, bounds);
  if ('problem' in bounded) {
    throw new BadInput(`the pattern ${bounded.problem}`, { where, hint: bounded.hint });
  }
  return bounded.pattern;
}

function compiledPattern(bounded: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(bounded, flags);
  } catch (error) {
    throw new BadInput('the pattern is no regular expression with Unicode rules', {
      where,
      hint: 'escape -, / and other signs only where the u flag allows it',
      cause: error,
    });
  }
}

export type BoundedPattern = { readonly pattern: string } | { readonly problem: string; readonly hint: string };

interface Group {
  /** Ways through what stands in the group so far. */
  ways: number;
  /** Ways through the alternatives before. */
  others: number;
  varies: boolean;
}

/**
 * The pattern with every repetition bounded, if the ways to try it from one place stay under a limit. Backtracking
 * tries each way at most once, so that the time is at most proportional to the text: ways × length of the pattern.
 * Ways multiply along a sequence, add up over alternatives; a repetition of a single character has as many ways as
 * counts. What varies may not be repeated, since its ways would be raised to a power.
 */
export function boundedPattern(source: string, bounds: PatternBounds = searchBounds): BoundedPattern {
  const { unboundedMeans, mostWays } = bounds;
  if (source.length > longestPattern) {
    return { problem: `is longer than ${longestPattern} characters`, hint: 'make several patterns of it' };
  }
  const stack: Group[] = [{ ways: 1, others: 0, varies: false }];
  let result = '';
  let index = 0;
  /** What a quantifier here would repeat. */
  let atom: { ways: number; varies: boolean } | undefined;
  const top = (): Group => stack.at(-1) ?? { ways: 1, others: 0, varies: false };
  while (index < source.length) {
    const token = tokenAt(source, index);
    index += token.length;
    if (/^\((?:\?[=!]|\?<[=!])/u.test(token) || /^\\(?:[1-9]|k<)/u.test(token)) {
      return { problem: 'looks around or refers back', hint: 'use \\b, or list the alternatives' };
    }
    if (token.startsWith('(')) {
      stack.push({ ways: 1, others: 0, varies: false });
      atom = undefined;
    } else if (token === ')') {
      const closed = stack.length > 1 ? stack.pop() : undefined;
      if (closed === undefined) {
        return { problem: 'has a ) without (', hint: 'escape it as \\)' };
      }
      atom = { ways: closed.ways + closed.others, varies: closed.varies || closed.others > 0 };
      apply(top(), atom);
    } else if (token === '|') {
      const group = top();
      group.others += group.ways;
      group.ways = 1;
      atom = undefined;
    } else {
      const counts = countsOf(token, unboundedMeans);
      if (counts === undefined) {
        atom = { ways: 1, varies: false };
      } else if (atom !== undefined) {
        const [least, most] = counts;
        if (atom.varies && most > 1) {
          return {
            problem: 'repeats something that itself varies',
            hint: 'write it out, or repeat a single character',
          };
        }
        const group = top();
        group.ways *= most - least + 1;
        group.varies ||= most !== least;
        result += `{${least},${most}}${token.length > 1 && token.endsWith('?') ? '?' : ''}`;
        atom = undefined;
        if (group.ways > mostWays) {
          break;
        }
        continue;
      }
    }
    result += token;
  }
  if (stack.some(({ ways, others }) => ways + others > mostWays)) {
    return {
      problem: `can be tried in more than ${mostWays} ways from one place`,
      hint: `bound its repetitions, for example \\d{4,12}; one without a bound counts as ${unboundedMeans + 1} ways`,
    };
  }
  return { pattern: result };
}

function apply(group: Group, atom: { ways: number; varies: boolean }): void {
  group.ways *= atom.ways;
  group.varies ||= atom.varies;
}

/** The next piece: an escape, a class, the opening of a group, a quantifier with its `?`, or a character. */
function tokenAt(source: string, index: number): string {
  piece.lastIndex = index;
  return piece.exec(source)?.[0] ?? source.charAt(index);
}

const piece =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|k<[^>]*>|c[A-Za-z]|\d+|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|(?:[*+?]|\{\d+(?:,\d*)?\})\??|./suy;

/** Least and most repetitions of a quantifier. */
function countsOf(token: string, unboundedMeans: number): [number, number] | undefined {
  const braces = /^\{(\d+)(,(\d*))?\}/u.exec(token);
  if (braces !== null) {
    const least = Number(braces[1]);
    const most = braces[2] === undefined ? least : braces[3] === '' ? least + unboundedMeans : Number(braces[3]);
    return [least, most];
  }
  switch (token.charAt(0)) {
    case '*':
      return [0, unboundedMeans];
    case '+':
      return [1, 1 + unboundedMeans];
    case '?':
      return [0, 1];
    default:
      return undefined;
  }
}
