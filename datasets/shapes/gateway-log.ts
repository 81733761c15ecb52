// Shape `gateway_log`: what a gateway was asked and what it answered.
import type { Turn } from '../../domain/dataset.ts';
import { isRecord, structured } from './bounded-value.ts';
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

/**
 * LiteLLM's logging payload (`messages`, `response`, `model_parameters`, `status`) and pairs of request and response
 * of chat completions, whose bodies may lie in `request.body`, `body` or `request`, and in `response.body` or
 * `response`, as objects or JSON text. What did not succeed is dropped.
 */
export function gatewayLogReader({ asked }: ShapeOptions): ShapeReader {
  return (fields) => {
    const failure = failureOf(fields);
    if (failure !== undefined) {
      return { rule: 'failed_request', detail: failure };
    }
    const request = requestOf(fields);
    const turns = readQuestion(request['messages']);
    const tools = readTools(request['tools'] ?? request['functions']);
    if (typeof turns === 'string') {
      return badConversation(turns);
    }
    if (typeof tools === 'string') {
      return badConversation(tools);
    }
    const response = responseOf(fields);
    const answer = asked ? [] : readAnswer(response);
    if (!Array.isArray(answer)) {
      return answer;
    }
    const row = rowOrDrop(conversationRow([...turns, ...answer], tools, asked));
    const model = fields['model'] ?? (isRecord(response) ? response['model'] : undefined) ?? request['model'];
    return 'rule' in row || typeof model !== 'string' ? row : withModel(row, model);
  };
}

function withModel(row: ShapeRow, model: string): ShapeRow {
  return { ...row, model };
}

function failureOf(fields: Fields): string | undefined {
  const { status } = fields;
  if (typeof status === 'string' && status !== 'success') {
    return 'the request has another status than success';
  }
  const response = fields['response'];
  const code = isRecord(response) ? (response['status_code'] ?? response['status']) : undefined;
  const http = typeof code === 'number' ? code : typeof status === 'number' ? status : fields['status_code'];
  if (typeof http === 'number' && (http < 200 || http > 299)) {
    return `the answer has the status ${http}`;
  }
  const error = fields['error'] ?? (isRecord(response) ? response['error'] : undefined) ?? undefined;
  return error === undefined || error === '' || error === false ? undefined : 'the answer is an error';
}

/** What was asked, with the members of a chat completion's request. */
function requestOf(fields: Fields): Fields {
  if (Object.hasOwn(fields, 'messages')) {
    const parameters = structured(fields['model_parameters']);
    return { ...(isRecord(parameters) ? parameters : {}), messages: fields['messages'] };
  }
  const request = structured(fields['request']);
  const body = structured(isRecord(request) ? (request['body'] ?? request) : fields['body']);
  return isRecord(body) ? body : {};
}

function responseOf(fields: Fields): unknown {
  const response = fields['response'];
  const outer = jsonOrText(response);
  return isRecord(outer) && outer['body'] !== undefined ? jsonOrText(outer['body']) : outer;
}

/** The object that a text spells, or the text. */
function jsonOrText(value: unknown): unknown {
  const parsed = typeof value === 'string' && value.trimStart().startsWith('{') ? structured(value) : undefined;
  return isRecord(parsed) && Array.isArray(parsed['choices']) ? parsed : value;
}

function readQuestion(messages: unknown): Turn[] | string {
  if (messages === undefined || messages === null) {
    return 'the request has no messages';
  }
  const list = typeof messages === 'string' && !messages.trimStart().startsWith('[') ? messages : structured(messages);
  return typeof list === 'string' ? [{ role: 'user', content: list }] : readTurns(list, 'messages');
}

/** The first choice of a chat completion, or an answer that was logged as text. */
function readAnswer(response: unknown): Turn[] | Drop {
  if (typeof response === 'string') {
    return [{ role: 'assistant', content: response }];
  }
  const choices = isRecord(response) ? response['choices'] : undefined;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isRecord(choice) || !isRecord(choice['message'])) {
    return badConversation('the response has no choices with a message');
  }
  const reason = choice['finish_reason'];
  if (reason === 'length' || reason === 'content_filter') {
    return { rule: 'failed_request', detail: `the answer is not whole (finish_reason ${reason})` };
  }
  const turns = readTurns([{ role: 'assistant', ...choice['message'] }], 'choices');
  return typeof turns === 'string' ? badConversation(turns) : turns;
}
