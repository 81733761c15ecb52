// Nested values from strangers: taken only while everything that walks them afterwards can.
import type { Tool } from '../../domain/suite.ts';

/** Deeper nesting than this would overflow the stack of recursive walkers. */
const maxDepth = 64;
const maxValues = 10_000;

/** An object that is no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object that was JSON, as `isRecord`; `nestedProblem` says whether its members can be kept. */
export function isJsonObject(value: unknown): value is Tool['parameters'] {
  return isRecord(value);
}

/**
 * What is wrong with a nested value, or undefined: more than 64 levels, more than 10,000 values, a number that is
 * not finite, or a member called `__proto__`, which schemas drop in silence. Linear in the values it looks at.
 */
export function nestedProblem(value: unknown): string | undefined {
  const budget = { left: maxValues };
  return problemAt(value, 0, budget);
}

function problemAt(value: unknown, depth: number, budget: { left: number }): string | undefined {
  budget.left -= 1;
  if (budget.left < 0) {
    return `holds more than ${maxValues} values`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return 'holds a number that is not finite';
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' ? 'holds a number beyond 2^53' : undefined;
  }
  if (depth >= maxDepth) {
    return `is nested more than ${maxDepth} deep`;
  }
  if (Array.isArray(value)) {
    for (const item of value) {
      const problem = problemAt(item, depth + 1, budget);
      if (problem !== undefined) {
        return problem;
      }
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value)) {
    const problem = key === '__proto__' ? 'has a member called __proto__' : problemAt(member, depth + 1, budget);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** The value itself, or what its text says where a column holds JSON as text; undefined for text that is no JSON. */
export function structured(value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
