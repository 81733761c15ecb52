// A question in the words of the AI SDK's language models.
import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import type { FunctionTool, JsonSchema, Question } from './model-client.ts';

/** What a model takes beyond the question, by its package's own names. */
export type ProviderOptions = NonNullable<LanguageModelV4CallOptions['providerOptions']>;

export interface CallStyle {
  /** True for a model that reasons before it answers: such models take no temperature. */
  readonly reasoning: boolean;
  readonly optionsFor: (logprobs: boolean) => ProviderOptions;
}

export function callOf(
  question: Omit<Question, 'signal'>,
  signal: AbortSignal | undefined,
  style: CallStyle,
): LanguageModelV4CallOptions {
  const { maxTokens, temperature = 0, seed, tools, responseSchema, logprobs } = question;
  return {
    prompt: promptOf(question),
    maxOutputTokens: maxTokens,
    ...(style.reasoning ? {} : { temperature }),
    providerOptions: style.optionsFor(logprobs === true),
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(seed === undefined ? {} : { seed }),
    ...(tools === undefined ? {} : { tools: tools.map((tool) => toolOf(tool)), toolChoice: { type: 'auto' } }),
    ...(responseSchema === undefined
      ? {}
      : { responseFormat: { type: 'json', name: 'answer', schema: asSchema(responseSchema) } }),
  };
}

function toolOf({ name, description, parameters }: FunctionTool): LanguageModelV4FunctionTool {
  const tool = { type: 'function', name, inputSchema: asSchema(parameters) } as const;
  return description === undefined ? tool : { ...tool, description };
}

function promptOf({ messages }: Pick<Question, 'messages'>): LanguageModelV4Prompt {
  return messages.map(({ role, content }) =>
    role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
  );
}

/** The providers check schemas themselves; here one is passed on as it is. */
function asSchema(schema: JsonSchema): JSONSchema7 {
  return { ...schema };
}
