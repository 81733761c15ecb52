// Shape `prompt_completion`: `{prompt, completion}` or `{prompt, response}`, as texts or as lists of messages.
import { conversationRow } from './conversation-row.ts';
import { readTools } from './read-calls.ts';
import { readTurns } from './read-turns.ts';
import {
  badConversation,
  rowOrDrop,
  type Drop,
  type Fields,
  type ShapeOptions,
  type ShapeReader,
  type ShapeRow,
} from './shape-row.ts';
import { answerField, textField } from './text-field.ts';

export function promptCompletionReader({ first, asked }: ShapeOptions): ShapeReader {
  const answerName = Object.hasOwn(first, 'completion') ? 'completion' : 'response';
  return (fields) => {
    const prompt = fields['prompt'];
    if (Array.isArray(prompt)) {
      return fromLists(prompt, fields[answerName], fields['tools'], asked);
    }
    return fromTexts(fields, answerName, asked);
  };
}

function fromTexts(fields: Fields, answerName: string, asked: boolean): ShapeRow | Drop {
  const input = textField(fields, 'prompt');
  if (typeof input !== 'string') {
    return input;
  }
  const output = asked ? '' : answerField(fields, answerName);
  return typeof output === 'string' ? { input, output } : output;
}

function fromLists(prompt: unknown, completion: unknown, tools: unknown, asked: boolean): ShapeRow | Drop {
  const before = readTurns(prompt, 'prompt');
  const after = asked ? [] : readTurns(completion, 'completion');
  const known = readTools(tools);
  if (typeof before === 'string') {
    return badConversation(before);
  }
  if (typeof after === 'string') {
    return badConversation(after);
  }
  if (typeof known === 'string') {
    return badConversation(known);
  }
  return rowOrDrop(conversationRow([...before, ...after], known, asked));
}
