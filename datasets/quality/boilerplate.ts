// Finds boilerplate by the user's patterns, in bounded time on any text.
import { BadInput } from '../../domain/bad-input.ts';

/** Boilerplate stands at either end of a text; what patterns see of each. */
const windowChars = 1000;

// Two runs of any length, tried from each of 1,000 places: some 10^8 steps at worst, a fraction of a second.
const mostRuns = 2;

/**
 * A function that gives the number of the first pattern found in the first or last 1,000 characters of a text, or -1.
 * Throws BadInput for a pattern that is no regular expression or could take exponential time.
 */
export function createBoilerplateFinder(patterns: readonly string[]): (text: string) => number {
  const expressions = patterns.map((pattern) => boundedExpression(pattern));
  if (expressions.length === 0) {
    return () => -1;
  }
  return (text) => {
    const head = text.length > windowChars ? text.slice(0, windowChars) : text;
    const tail = text.length > windowChars ? text.slice(-windowChars) : '';
    return expressions.findIndex((expression) => expression.test(head) || (tail !== '' && expression.test(tail)));
  };
}

function boundedExpression(pattern: string): RegExp {
  const where = `dataset.curate.quality.boilerplate: ${JSON.stringify(pattern)}`;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'iu');
  } catch (cause) {
    throw new BadInput('is no regular expression', { where, hint: String(cause), cause });
  }
  const problem = slowPart(pattern);
  if (problem !== undefined) {
    throw new BadInput(`could take very long on some texts: ${problem}`, {
      where,
      hint: 'write it as several simpler patterns',
    });
  }
  return expression;
}

// One part of a pattern: an escape, a class, a group's start or end, a quantifier, an alternative, or a character.
const part =
  /\\k<|\\[1-9]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|\)|[*+?]|\{\d+(?:,\d*)?\}|\||./gsu;

/** What makes a backtracking search slow: references back, repeated choices, and many runs. */
function slowPart(pattern: string): string | undefined {
  // For each open group, whether it holds a choice: something optional or repeated, or an alternative.
  const choices: boolean[] = [false];
  let closed = false;
  let runs = 0;
  let optional = 0;
  for (const [token] of pattern.matchAll(part)) {
    const most = largestCount(token);
    if (most !== undefined) {
      if (most > 1 && closed) {
        return 'it repeats a group that holds a choice';
      }
      runs += most > 10 ? 1 : 0;
      optional += most > 10 ? 0 : 1;
      choices[choices.length - 1] = true;
      // The ? of a lazy quantifier is counted as a quantifier of its own, which only errs to the safe side.
      continue;
    }
    closed = false;
    if (/^\\(?:k|[1-9])/u.test(token)) {
      return 'it refers back to a group';
    }
    if (token.startsWith('(')) {
      choices.push(false);
    } else if (token === ')') {
      closed = choices.pop() ?? false;
      choices[choices.length - 1] = (choices.at(-1) ?? false) || closed;
    } else if (token === '|') {
      choices[choices.length - 1] = true;
      // Alternatives of a group multiply the ways to match, those of the whole pattern only add to them.
      optional += choices.length > 1 ? 1 : 0;
    }
  }
  return runs > mostRuns
    ? `it has more than ${mostRuns} parts of any length`
    : optional > 10
      ? 'it has more than 10 optional or alternative parts'
      : undefined;
}

/** How often a quantifier repeats at most; undefined for what is no quantifier. */
function largestCount(token: string): number | undefined {
  if (token === '*' || token === '+') {
    return Number.POSITIVE_INFINITY;
  }
  if (token === '?') {
    return 1;
  }
  const counts = /^\{(\d+)(,?)(\d*)\}$/u.exec(token);
  if (counts === null) {
    return undefined;
  }
  const [, least = '', comma, most = ''] = counts;
  return comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
}
