// A row in the shape in which other tools, or a source of ours, read it.
import type { DatasetRow, Turn } from '../../domain/dataset.ts';
import type { RowShape } from '../../domain/recipe-source.ts';
import { answerMessage, openaiProblem, openaiTools, questionMessages } from './openai-messages.ts';
import { sharegptProblem, sharegptTurns } from './sharegpt-turns.ts';

export const exportShapes = [
  'columns',
  'prompt_completion',
  'messages',
  'sharegpt',
  'alpaca',
  'preference',
] as const satisfies readonly Exclude<RowShape, 'gateway_log'>[];
export type ExportShape = (typeof exportShapes)[number];

/** The members of a record, or what the row has that the shape cannot hold: `12 rows have ${unfit}`. */
export type Exported = { readonly fields: Readonly<Record<string, unknown>> } | { readonly unfit: string };

/**
 * One row in a shape. Worse answer, group, time and tags stand beside it as `rejected`, `group`, `time` and `tags`,
 * but for `messages`: fine-tuning services refuse keys that they do not know.
 */
export function exportRow(row: DatasetRow, shape: ExportShape): Exported {
  const unfit = problemOf(row, shape);
  if (unfit !== undefined) {
    return { unfit };
  }
  const { rejected, group, time, tags } = row;
  const fields = fieldsOf(row, shape);
  if (shape === 'messages') {
    return { fields };
  }
  const sides = { ...(shape === 'preference' ? {} : { rejected }), group, time, tags };
  return {
    fields: { ...fields, ...Object.fromEntries(Object.entries(sides).filter(([, side]) => side !== undefined)) },
  };
}

function fieldsOf(row: DatasetRow, shape: ExportShape): Record<string, unknown> {
  const { input, output, rejected = '', messages, tools } = row;
  const isText = messages === undefined && tools === undefined;
  switch (shape) {
    case 'columns':
      return { input, output };
    case 'prompt_completion':
      return isText
        ? { prompt: input, completion: output }
        : { prompt: questionMessages(row), completion: [answerMessage(output, tools)], ...openaiTools(tools) };
    case 'messages':
      return { messages: [...questionMessages(row), answerMessage(output, tools)], ...openaiTools(tools) };
    case 'sharegpt':
      return { conversations: sharegptTurns(row), ...(tools === undefined ? {} : { tools }) };
    case 'alpaca':
      return { instruction: messages?.at(-1)?.content ?? input, input: '', output, ...alpacaBefore(messages) };
    case 'preference':
      return isText
        ? { prompt: input, chosen: output, rejected }
        : {
            prompt: questionMessages(row),
            chosen: [answerMessage(output, tools)],
            rejected: [answerMessage(rejected, tools)],
            ...openaiTools(tools),
          };
    default:
      return shape satisfies never;
  }
}

function problemOf(row: DatasetRow, shape: ExportShape): string | undefined {
  const { messages, tools, rejected } = row;
  switch (shape) {
    case 'columns':
      return messages === undefined ? (tools === undefined ? undefined : 'tools') : 'a conversation';
    case 'alpaca':
      return tools === undefined ? alpacaProblem(messages ?? []) : 'tools';
    case 'sharegpt':
      return sharegptProblem(row);
    case 'preference':
      return rejected === undefined ? 'no worse answer' : openaiProblem(row);
    case 'messages':
      return rejected === undefined ? openaiProblem(row) : 'a worse answer';
    case 'prompt_completion':
      return openaiProblem(row);
    default:
      return shape satisfies never;
  }
}

function alpacaProblem(messages: readonly Turn[]): string | undefined {
  return messages.some(({ role, calls }) => role === 'tool' || calls !== undefined)
    ? 'tool calls'
    : messages.some(({ weight }) => weight !== undefined)
      ? 'weights'
      : undefined;
}

/** System text and pairs of earlier turns: user and assistant alternate in every row. */
function alpacaBefore(messages: readonly Turn[] = []): { readonly system?: string; readonly history?: string[][] } {
  const [first] = messages;
  const turns = messages.filter(({ role }) => role !== 'system').slice(0, -1);
  const history = turns.flatMap(({ role, content }, index) =>
    role === 'user' ? [[content, turns[index + 1]?.content ?? '']] : [],
  );
  return {
    ...(first?.role === 'system' ? { system: first.content } : {}),
    ...(history.length === 0 ? {} : { history }),
  };
}
