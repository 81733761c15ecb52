// Shape `messages`: the JSONL of OpenAI's fine-tuning, unchanged.
import { structured } from './bounded-value.ts';
import { conversationRow } from './conversation-row.ts';
import { readTools } from './read-calls.ts';
import { readTurns } from './read-turns.ts';
import { badConversation, rowOrDrop, type ShapeOptions, type ShapeReader } from './shape-row.ts';

export function messagesReader({ asked }: ShapeOptions): ShapeReader {
  return (fields) => {
    const turns = readTurns(structured(fields['messages']), 'messages');
    if (typeof turns === 'string') {
      return badConversation(turns);
    }
    const tools = readTools(fields['tools'] ?? fields['functions']);
    return typeof tools === 'string' ? badConversation(tools) : rowOrDrop(conversationRow(turns, tools, asked));
  };
}
