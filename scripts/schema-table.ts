// Tables of fields, from a JSON Schema.
import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema._JSONSchema;
export type Node = Exclude<JsonSchema, boolean>;

/** The schema of what a user writes: fields with a default are optional. */
export function writtenSchema(schema: z.ZodType): Node {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // Noise to a reader: the largest safe integer, and a format that no editor knows.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum;
      }
      if (jsonSchema.format === 'includes') {
        delete jsonSchema.format;
      }
    },
  });
}

/** The fields of a schema: first those that stand alone, then a section for each block. */
export function fieldSections(schema: Node): string {
  const { properties = {}, required = [] } = schema;
  const isBlock = (node: Node): boolean => node.properties !== undefined;
  const fields = Object.entries(properties).map(([name, node]) => ({ name, node: plain(node) }));
  const general = fields.filter(({ node }) => !isBlock(node));
  const blocks = fields.filter(({ node }) => isBlock(node));
  return `## General

${table(general.flatMap(({ name, node }) => rowsOf(name, node, required.includes(name))))}
${blocks.map(({ name, node }) => section(name, node, required.includes(name))).join('\n')}`;
}

function section(name: string, node: Node, needed: boolean): string {
  const { properties = {}, required = [] } = node;
  const rows = Object.entries(properties).flatMap(([key, child]) =>
    rowsOf(`${name}.${key}`, plain(child), required.includes(key)),
  );
  const presence = needed ? 'This block is needed.' : 'This block may be left out.';
  return `
## \`${name}\`

${node.description ?? ''} ${presence}

${table(rows)}
`;
}

/** One row for the field itself, then the rows of what it holds. */
function rowsOf(path: string, node: Node, needed: boolean): string[][] {
  const own = [`\`${path}\``, typeOf(node), defaultOf(node, needed), node.description ?? ''];
  const inner = [node, ...(node.anyOf ?? []).map((option) => plain(option))].flatMap((part) => childrenOf(path, part));
  return [own, ...inner];
}

function childrenOf(path: string, node: Node): string[][] {
  const items = node.items === undefined || Array.isArray(node.items) ? undefined : plain(node.items);
  const [holder, prefix] = items?.properties === undefined ? [node, path] : [items, `${path}[]`];
  const { properties = {}, required = [] } = holder;
  return Object.entries(properties).flatMap(([key, child]) =>
    rowsOf(`${prefix}.${key}`, plain(child), required.includes(key)),
  );
}

function defaultOf(node: Node, needed: boolean): string {
  if (node.default !== undefined && node.properties === undefined) {
    return `\`${JSON.stringify(node.default)}\``;
  }
  return needed ? 'needed' : 'optional';
}

function typeOf(node: Node): string {
  if (node.anyOf !== undefined) {
    return node.anyOf.map((option) => typeOf(plain(option))).join(' or ');
  }
  if (node.const !== undefined) {
    return `\`${String(node.const)}\``;
  }
  if (node.enum !== undefined) {
    return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  }
  if (node.type === 'array' && node.items !== undefined && !Array.isArray(node.items)) {
    return `list of ${typeOf(plain(node.items))}`;
  }
  return `${node.type === 'object' ? 'block' : String(node.type)}${boundsOf(node)}`;
}

function boundsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, pattern, format: form }: Node): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`]),
    ...(pattern === undefined ? [] : [`matching \`${pattern}\``]),
    ...(form === undefined ? [] : [form]),
  ];
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}

function table(rows: readonly string[][]): string {
  return [['field', 'type', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows].map(line).join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

export function plain(node: JsonSchema): Node {
  return typeof node === 'boolean' ? {} : node;
}
