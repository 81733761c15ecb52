// Reads a YAML file of ours; every problem is reported with line, column, field and, for unknown keys, the nearest key.
import { readFile } from 'node:fs/promises';
import { closest, distance } from 'fastest-levenshtein';
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { z } from 'zod';
import { BadInput } from '../domain/bad-input.ts';

/** What a file should hold. */
interface Expected {
  /** Word for the file in messages: "recipe", "suite". */
  readonly what: string;
  /** What its value must fit; known keys are those of this schema. */
  readonly schema: z.ZodType;
  /** What to do when there is no such file. */
  readonly hint: string;
}

/** A YAML file with the places of its values. */
export interface YamlFile extends Expected {
  /** As the user gave it. */
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: unknown;
}

/** Throws BadInput for a file that is not there, cannot be read, or is no YAML. */
export async function readYamlFile(path: string, expected: Expected): Promise<YamlFile> {
  const { what, hint } = expected;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw new BadInput(
      code === 'ENOENT' ? `there is no such ${what}` : `the ${what} cannot be read (${String(code)})`,
      { where: path, hint },
    );
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new BadInput(`not valid YAML: ${fault.message.split(' at line ')[0] ?? fault.message}`, {
      where: `${path}:${line}:${col}`,
    });
  }
  refuseProto(document, path, lines);
  return { ...expected, path, document, lines, value: valueOf(document, path) };
}

/** Schemas pass over a key of this name, so that what stands there would be lost without a word. */
function refuseProto(document: Document, path: string, lines: LineCounter): void {
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key) && key.value === '__proto__') {
        const { line, col } = lines.linePos(key.range?.[0] ?? 0);
        throw new BadInput('`__proto__` cannot be a key', {
          where: `${path}:${line}:${col}`,
          hint: 'choose another name',
        });
      }
    },
  });
}

/** The value of the file, checked. Throws BadInput with one line a problem. */
export function checkedValue<S extends z.ZodType>(file: YamlFile, schema: S, hint: string): z.output<S> {
  const parsed = schema.safeParse(file.value);
  if (!parsed.success) {
    throw new BadInput(parsed.error.issues.flatMap((issue) => describeIssue(issue, file)).join('\n'), { hint });
  }
  return parsed.data;
}

/** Throws BadInput for what the grammar allows and the values do not: aliases to nothing, or to far too much. */
function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new BadInput(`not valid YAML: ${error instanceof Error ? error.message : String(error)}`, { where: path });
  }
}

/** What is wrong with a value of the file, each with place and field; for unknown keys the nearest known one. */
export function describeIssue(issue: z.core.$ZodIssue, file: YamlFile): string[] {
  const { document, lines, path, what, schema } = file;
  const at = (keys: readonly PropertyKey[], onKey: boolean): string => {
    const { line, col } = lines.linePos(offsetOf(document, keys, onKey));
    return `${path}:${line}:${col}`;
  };
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const field = [...issue.path, key];
      const nearest = known.length === 0 ? undefined : closest(key, known);
      const hint =
        nearest !== undefined && distance(key, nearest) <= Math.max(3, key.length / 2)
          ? `; did you mean ${nearest}?`
          : `; known are ${known.join(', ')}`;
      return `${at(field, true)}: ${field.map(String).join('.')}: unknown key${hint}`;
    });
  }
  if (issue.code === 'invalid_union') {
    // The alternative that was meant is the one whose problem lies deeper, or is a key.
    const inner = issue.errors.flat().filter((one) => one.code === 'unrecognized_keys' || one.path.length > 0);
    if (inner.length > 0) {
      return inner.flatMap((one) => describeIssue({ ...one, path: [...issue.path, ...one.path] }, file));
    }
    const wanted = issue.errors.flat().map(({ message }) => message.replace(/^Invalid input: /u, ''));
    return [`${at(issue.path, false)}: ${issue.path.map(String).join('.')}: Invalid input: ${wanted.join('; or ')}`];
  }
  const field = issue.path.map(String).join('.');
  return [`${at(issue.path, false)}: ${field === '' ? what : field}: ${issue.message}`];
}

/** Offset of a value (or of its key) in the text; of its nearest ancestor when it is missing. */
function offsetOf(document: Document, keys: readonly PropertyKey[], onKey: boolean): number {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, key] of keys.entries()) {
    const last = depth === keys.length - 1;
    if (isMap(node)) {
      const items: readonly Pair[] = node.items;
      const pair = items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) {
        return offset;
      }
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = isNode(pair.value) ? pair.value : undefined;
      if (!(last && onKey)) {
        offset = node?.range?.[0] ?? offset;
      }
    } else if (isSeq(node) && typeof key === 'number') {
      const item: unknown = node.items[key];
      node = isNode(item) ? item : undefined;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** Keys that the schema knows at a path. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes: JsonSchema[] = [z.toJSONSchema(schema, { io: 'input' })];
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof key === 'number' ? itemsOf(node) : propertiesOf(node)[String(key)];
      return next === undefined ? [] : [next, ...(typeof next === 'object' ? (next.anyOf ?? []) : [])];
    });
  }
  return nodes.flatMap((node) => Object.keys(propertiesOf(node)));
}

function propertiesOf(node: JsonSchema): Record<string, JsonSchema> {
  return typeof node === 'object' ? (node.properties ?? {}) : {};
}

function itemsOf(node: JsonSchema): JsonSchema | undefined {
  return typeof node === 'object' && !Array.isArray(node.items) ? node.items : undefined;
}
