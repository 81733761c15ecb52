// Tool calls of an assistant turn and the functions a conversation may call, as sources write them.
import type { Turn } from '../../domain/dataset.ts';
import type { Tool } from '../../domain/suite.ts';
import { isJsonObject, isRecord, nestedProblem, structured } from './bounded-value.ts';

export type Call = NonNullable<Turn['calls']>[number];

/** As many as the scorer of tool calls compares. */
const maxCalls = 100;
const maxTools = 1000;

/**
 * Calls as `{id?, function: {name, arguments}}` or `{id?, name, arguments}`, with arguments as an object or its JSON
 * text (empty text: no arguments). A text says what is wrong; `at` names the place.
 */
export function readCalls(value: unknown, at: string): Call[] | string {
  const items = Array.isArray(value) ? value : [value];
  if (items.length > maxCalls) {
    return `${at} holds more than ${maxCalls} calls`;
  }
  const calls: Call[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const call = readCall(items[index], `${at}[${index}]`);
    if (typeof call === 'string') {
      return call;
    }
    calls.push(call);
  }
  return calls;
}

function readCall(item: unknown, at: string): Call | string {
  if (!isRecord(item)) {
    return `${at} is no object`;
  }
  const type = item['type'] ?? 'function';
  const inner = item['function'] ?? item;
  if (type !== 'function' || !isRecord(inner)) {
    return `${at} is no function call`;
  }
  const { name } = inner;
  if (typeof name !== 'string' || name === '') {
    return `${at} has no name`;
  }
  const id = item['id'] ?? undefined;
  if (id !== undefined && typeof id !== 'string') {
    return `${at} has an id that is no text`;
  }
  const given = inner['arguments'] ?? {};
  const members = given === '' ? {} : structured(given);
  if (!isJsonObject(members)) {
    return `${at} has arguments that are no JSON object`;
  }
  const problem = nestedProblem(members);
  if (problem !== undefined) {
    return `an argument of ${at} ${problem}`;
  }
  const call: Call = { name, arguments: members };
  return id === undefined || id === '' ? call : { id, ...call };
}

const toolName = /^[A-Za-z0-9_-]{1,64}$/u;

/** Tools as `{type: 'function', function: {…}}` or as bare functions; JSON text of either too. Undefined when there are none. */
export function readTools(value: unknown): readonly Tool[] | undefined | string {
  const items = value === '' || value === null ? undefined : structured(value);
  if (items === undefined) {
    return typeof value === 'string' && value !== '' ? 'tools are no JSON' : undefined;
  }
  if (!Array.isArray(items) || items.length > maxTools) {
    return Array.isArray(items) ? `there are more than ${maxTools} tools` : 'tools are no array';
  }
  const tools: Tool[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const tool = readTool(items[index], `tools[${index}]`);
    if (typeof tool === 'string') {
      return tool;
    }
    tools.push(tool);
  }
  return tools.length === 0 ? undefined : tools;
}

function readTool(item: unknown, at: string): Tool | string {
  const inner = isRecord(item) ? (item['function'] ?? item) : undefined;
  if (!isRecord(item) || !isRecord(inner) || (item['type'] ?? 'function') !== 'function') {
    return `${at} is no function`;
  }
  const { name } = inner;
  if (typeof name !== 'string' || !toolName.test(name)) {
    return `${at} has no name of at most 64 letters, digits, dashes and underscores`;
  }
  const description = inner['description'] ?? undefined;
  const parameters = inner['parameters'] ?? {};
  if (description !== undefined && typeof description !== 'string') {
    return `${at} has a description that is no text`;
  }
  if (!isJsonObject(parameters)) {
    return `the parameters of ${at} are no object`;
  }
  const problem = nestedProblem(parameters);
  if (problem !== undefined) {
    return `a parameter of ${at} ${problem}`;
  }
  const tool: Tool = { name, parameters };
  return description === undefined ? tool : { ...tool, description };
}
