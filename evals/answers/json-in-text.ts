// Finds the JSON in an answer: alone, in a Markdown fence, or between sentences. Nothing is repaired.
import { endOfBrackets, parseBounded } from './bounded-json.ts';

/** Brackets that are opened and never closed may begin this many searches, each of which reads the rest of the answer. */
const maxUnclosed = 32;
/** Parts that look like JSON and are tried, from the end. */
const maxParts = 1000;

/**
 * The JSON value that an answer holds and that `fits`, or undefined. The whole answer comes first, then the last
 * fenced block, then the last bracketed part: models that think aloud state their answer at the end. JSON with
 * comments, single quotes, trailing commas or NaN is not JSON and is not read.
 */
export function jsonInText<T>(answer: string, fits: (value: unknown) => value is T): T | undefined {
  const whole = parseBounded(answer.trim());
  if (whole !== undefined) {
    return fits(whole) ? whole : undefined;
  }
  const parts = [...bracketedParts(answer), ...fencedBlocks(answer)].slice(-maxParts);
  for (const part of parts.toReversed()) {
    const value = parseBounded(part);
    if (value !== undefined && fits(value)) {
      return value;
    }
  }
  return undefined;
}

/** Contents of ``` fences, without their language. */
function fencedBlocks(answer: string): string[] {
  return answer
    .split('```')
    .filter((_, index) => index % 2 === 1)
    .map((block) => block.replace(/^[\w+-]{0,20}\s/u, '').trim())
    .filter((block) => /^[{[]/u.test(block));
}

/** Outermost parts in balanced brackets, in order. */
function bracketedParts(answer: string): string[] {
  const parts: string[] = [];
  let unclosed = 0;
  let position = nextBracket(answer, 0);
  while (position !== -1 && unclosed < maxUnclosed) {
    const end = endOfBrackets(answer, position);
    if (end === -1) {
      unclosed += 1;
      position = nextBracket(answer, position + 1);
    } else {
      parts.push(answer.slice(position, end));
      position = nextBracket(answer, end);
    }
  }
  return parts;
}

function nextBracket(text: string, from: number): number {
  for (let position = from; position < text.length; position += 1) {
    const character = text[position];
    if (character === '{' || character === '[') {
      return position;
    }
  }
  return -1;
}
