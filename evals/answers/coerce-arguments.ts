// Arguments of tool calls in the types that the tool's schema asks for.
import type { JsonSchema } from './json-schema.ts';

/**
 * The value with numbers, booleans and texts turned into the type that the schema states at their place, where
 * nothing is lost by it: `"5"` becomes 5 for `integer`, 5 becomes `"5"` for `string`. Only `properties` and `items`
 * are followed, and only single types; everything else stays as it is.
 */
export function coerceArguments(schema: JsonSchema, value: unknown): unknown {
  const { type, properties, items } = schema;
  if (Array.isArray(value)) {
    return isSchema(items) ? value.map((item) => coerceArguments(items, item)) : value;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const inner = isSchema(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
        return [key, isSchema(inner) ? coerceArguments(inner, member) : member];
      }),
    );
  }
  return coerce(type, value);
}

function coerce(type: unknown, value: unknown): unknown {
  if ((type === 'number' || type === 'integer') && typeof value === 'string') {
    // Decimal notation alone: Number() would also read "", "0x10" and "1e3".
    return /^-?\d{1,15}(?:\.\d{1,15})?$/u.test(value) ? Number(value) : value;
  }
  if (type === 'boolean' && (value === 'true' || value === 'false')) {
    return value === 'true';
  }
  return type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
