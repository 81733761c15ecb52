// Checks values against the JSON Schema of a suite or of a tool.
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

type Check = (value: unknown) => boolean;

const compiled = new WeakMap<JsonSchema, Check>();

/**
 * Whether a value satisfies a JSON Schema: draft 2020-12, or draft 7 where `$schema` says so. `format` is an annotation
 * and not checked. Throws RangeError when the schema itself is wrong or refers to another document.
 */
export function fitsSchema(schema: JsonSchema, value: unknown): boolean {
  const check = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, check);
  return check(value);
}

function compile(schema: JsonSchema): Check {
  const dialect = schema['$schema'];
  const options = { strict: false, validateFormats: false, logger: false } as const;
  const ajv = typeof dialect === 'string' && /draft-0[67]/u.test(dialect) ? new Ajv(options) : new Ajv2020(options);
  try {
    const validate = ajv.compile(schema);
    return (value) => validate(value);
  } catch (error) {
    throw new RangeError(`the JSON Schema cannot be used: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
