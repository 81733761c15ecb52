// JSON from strangers: parsed only while it is small and shallow enough for everything that walks it afterwards.

/** Deeper nesting than this would overflow the stack of recursive walkers. */
const maxDepth = 64;
/** More values than this would make comparisons, some of them quadratic, slow. */
const maxValues = 10_000;

/**
 * The value of a JSON text, or undefined for what is no JSON, is nested more than 64 deep, holds more than 10,000
 * values, or a number that is not finite (`1e999`). Never throws, and takes time linear in the text.
 */
export function parseBounded(text: string): unknown {
  if (depthOf(text) > maxDepth) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isBounded(value) ? value : undefined;
}

/** Greatest number of open brackets outside strings. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  let inString = false;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (inString) {
      if (code === backslash) {
        position += 1;
      } else if (code === quote) {
        inString = false;
      }
    } else if (code === quote) {
      inString = true;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
    }
  }
  return deepest;
}

function isBounded(value: unknown): boolean {
  const pending: unknown[] = [value];
  for (let seen = 0; pending.length > 0; seen += 1) {
    if (seen + pending.length > maxValues) {
      return false;
    }
    const next = pending.pop();
    if (typeof next === 'number' && !Number.isFinite(next)) {
      return false;
    }
    if (typeof next === 'object' && next !== null) {
      // Not spread into push: a large array would overflow the stack.
      for (const member of Object.values(next)) {
        pending.push(member);
      }
    }
  }
  return true;
}

/** Offset after the bracket that closes the one at `start`, or -1 when none does. Strings are skipped. */
export function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let position = start; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (inString) {
      if (code === backslash) {
        position += 1;
      } else if (code === quote) {
        inString = false;
      }
    } else if (code === quote) {
      inString = true;
    } else if (code === openBrace || code === openBracket) {
      depth += 1;
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
      if (depth === 0) {
        return position + 1;
      }
    }
  }
  return -1;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
