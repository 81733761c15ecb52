// Shape `preference`: a better and a worse answer to one question, in OpenAI's form or in TRL's.
import type { Turn } from '../../domain/dataset.ts';
import { isRecord, structured } from './bounded-value.ts';
import { answerOf, conversationRow } from './conversation-row.ts';
import { readTools } from './read-calls.ts';
import { readTurns } from './read-turns.ts';
import { badConversation, type Drop, type Fields, type ShapeReader, type ShapeRow } from './shape-row.ts';
import { textField } from './text-field.ts';

export function preferenceReader(): ShapeReader {
  return (fields) => (Object.hasOwn(fields, 'preferred_output') ? openaiPair(fields) : trlPair(fields));
}

/** `{input: {messages, tools?}, preferred_output: [answer], non_preferred_output: [answer]}`. */
function openaiPair(fields: Fields): ShapeRow | Drop {
  const input = structured(fields['input']);
  if (!isRecord(input)) {
    return badConversation('input is no object with messages');
  }
  return pairOf(
    readTurns(structured(input['messages']), 'input.messages'),
    readTurns(structured(fields['preferred_output']), 'preferred_output'),
    readTurns(structured(fields['non_preferred_output']), 'non_preferred_output'),
    input['tools'],
  );
}

/** `{prompt, chosen, rejected}` as texts or lists of messages; lists may hold the prompt, and then begin with it. */
function trlPair(fields: Fields): ShapeRow | Drop {
  const [chosen, rejected] = [listOf(fields['chosen']), listOf(fields['rejected'])];
  if (chosen === undefined || rejected === undefined) {
    return textPair(fields);
  }
  const [better, worse] = [readTurns(chosen, 'chosen'), readTurns(rejected, 'rejected')];
  if (typeof better !== 'string' && better[0]?.role !== 'assistant') {
    return wholePair(better, worse, fields['tools']);
  }
  const { prompt: text } = fields;
  const list = listOf(text);
  const prompt: Turn[] | string =
    list !== undefined
      ? readTurns(list, 'prompt')
      : typeof text === 'string'
        ? [{ role: 'user', content: text }]
        : 'there is no prompt, and chosen holds an answer alone';
  return pairOf(prompt, better, worse, fields['tools']);
}

function textPair(fields: Fields): ShapeRow | Drop {
  if (!Object.hasOwn(fields, 'prompt')) {
    return badConversation('there is no prompt, and chosen and rejected are texts');
  }
  const input = textField(fields, 'prompt');
  if (typeof input !== 'string') {
    return input;
  }
  const output = textField(fields, 'chosen');
  if (typeof output !== 'string') {
    return output;
  }
  const rejected = textField(fields, 'rejected');
  return typeof rejected === 'string' ? { input, output, rejected } : rejected;
}

/** Two whole conversations that differ in their last turn alone. */
function wholePair(better: Turn[], worse: Turn[] | string, tools: unknown): ShapeRow | Drop {
  if (typeof worse === 'string') {
    return badConversation(worse);
  }
  const [prompt, other] = [better.slice(0, -1), worse.slice(0, -1)];
  if (JSON.stringify(prompt) !== JSON.stringify(other)) {
    return badConversation('chosen and rejected differ before their last turns');
  }
  return pairOf(prompt, better.slice(-1), worse.slice(-1), tools);
}

function pairOf(
  prompt: Turn[] | string,
  better: Turn[] | string,
  worse: Turn[] | string,
  toolList: unknown,
): ShapeRow | Drop {
  const tools = readTools(toolList);
  if (typeof tools === 'string') {
    return badConversation(tools);
  }
  const problem = [prompt, better, worse].find((part) => typeof part === 'string');
  if (problem !== undefined || !Array.isArray(prompt) || !Array.isArray(better) || !Array.isArray(worse)) {
    return badConversation(problem ?? 'there are no turns');
  }
  if (better.length !== 1 || worse.length !== 1) {
    return badConversation('the better and the worse answer must be one turn each');
  }
  const rejected = answerOf(worse[0], prompt.length + 1);
  if (typeof rejected !== 'string') {
    return badConversation(`of the worse answer: ${rejected.problem}`);
  }
  const row = conversationRow([...prompt, ...better], tools, false);
  return typeof row === 'string' ? badConversation(row) : { ...row, rejected };
}

/** Text is never read as a list: an answer may itself be JSON. */
function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}
