// Shape `alpaca`: `{instruction, input?, output, system?, history?}`.
import type { Turn } from '../../domain/dataset.ts';
import { structured } from './bounded-value.ts';
import { conversationRow } from './conversation-row.ts';
import {
  badConversation,
  rowOrDrop,
  type Drop,
  type Fields,
  type ShapeOptions,
  type ShapeReader,
} from './shape-row.ts';
import { answerField, textField } from './text-field.ts';

export function alpacaReader({ asked }: ShapeOptions): ShapeReader {
  return (fields) => {
    const question = questionOf(fields);
    if (typeof question !== 'string') {
      return question;
    }
    const system = textField(fields, 'system');
    if (typeof system !== 'string') {
      return system;
    }
    const output = asked ? '' : answerField(fields, 'output');
    if (typeof output !== 'string') {
      return output;
    }
    const history = readHistory(fields['history']);
    if (typeof history === 'string') {
      return badConversation(history);
    }
    if (history.length === 0 && system.trim() === '') {
      // Empty texts are told by the rules of plain rows.
      return { input: question, output };
    }
    const turns: Turn[] = [...history, { role: 'user', content: question }];
    if (system.trim() !== '') {
      turns.unshift({ role: 'system', content: system });
    }
    const row = conversationRow(turns, undefined, true);
    return rowOrDrop(typeof row === 'string' ? row : { ...row, output });
  };
}

/** Instruction and input with an empty line between them, as trainers of this shape join them. */
function questionOf(fields: Fields): string | Drop {
  const instruction = textField(fields, 'instruction');
  const input = textField(fields, 'input');
  if (typeof instruction !== 'string' || typeof input !== 'string') {
    return typeof instruction === 'string' ? input : instruction;
  }
  return [instruction, input].filter((text) => text.trim() !== '').join('\n\n');
}

function readHistory(value: unknown): Turn[] | string {
  if (value === undefined || value === null || value === '') {
    return [];
  }
  const pairs = structured(value);
  if (!Array.isArray(pairs)) {
    return 'history is no array';
  }
  const turns: Turn[] = [];
  for (let index = 0; index < pairs.length; index += 1) {
    const pair: unknown = pairs[index];
    const [user, assistant, ...more]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof user !== 'string' || typeof assistant !== 'string' || more.length > 0) {
      return `history[${index}] is no pair of texts`;
    }
    turns.push({ role: 'user', content: user }, { role: 'assistant', content: assistant });
  }
  return turns;
}
