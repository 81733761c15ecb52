// Tool calls: the answer names functions and their arguments.
import { z } from 'zod';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Tool } from '../../domain/suite.ts';
import { parseBounded } from '../answers/bounded-json.ts';
import { coerceArguments } from '../answers/coerce-arguments.ts';
import { jsonInText } from '../answers/json-in-text.ts';
import { sharedCount } from '../answers/leaf-fields.ts';
import type { RowScore, ScoredRow, Scoring } from '../suite.ts';

/** A call as it is compared: arguments are JSON, or the text that was no JSON. */
interface Call {
  readonly name: string;
  readonly arguments: unknown;
}

const maxCalls = 100;

/** How models and interfaces write a call: ours, OpenAI's with a `function` inside, Anthropic's with an `input`. */
const callSchema = z
  .looseObject({
    name: z.string().min(1),
    arguments: z.unknown().optional(),
    parameters: z.unknown().optional(),
    input: z.unknown().optional(),
  })
  .transform((call): Call => ({ name: call.name, arguments: call.arguments ?? call.parameters ?? call.input ?? {} }));
const anyCallSchema = z.union([z.looseObject({ function: callSchema }).transform((call) => call.function), callSchema]);
const callsSchema = z.union([
  z.array(anyCallSchema).max(maxCalls),
  z.looseObject({ tool_calls: z.array(anyCallSchema).max(maxCalls) }).transform((holder) => holder.tool_calls),
  anyCallSchema.transform((call) => [call]),
]);

/**
 * `tool_name`: the same functions are called, each as often as expected, in any order. `tool_arguments` and exact
 * match: with equal arguments as well. Arguments are equal as JSON; where the tool's schema asks for a number or a
 * boolean and the answer has the text that spells it, or the other way round, it is taken for what was asked.
 * Words without a call are the answer "no call", `[]`. Throws RangeError when the expected answer is no call, or
 * calls a function that is not among the tools.
 */
export function scoreToolCalls(scoring: Scoring, { output, tools: own }: ScoredRow, answer: string | null): RowScore {
  const tools = own ?? scoring.tools;
  const expected = readCalls(output, tools);
  if (expected === undefined) {
    throw new RangeError('the expected answer is no JSON of {name, arguments}, nor an array of them');
  }
  if (tools !== undefined && expected.some((call) => !tools.some(({ name }) => name === call.name))) {
    throw new RangeError('the expected answer calls a function that is not among the tools');
  }
  const given = answer === null || answer.trim() === '' ? undefined : (readCalls(answer, tools) ?? noCall(answer));
  const names = sharedCount(expected.map(nameOf), (given ?? []).map(nameOf));
  const matched = sharedCount(expected.map(textOf), (given ?? []).map(textOf));
  const all = (count: number): number =>
    given !== undefined && count === expected.length && count === given.length ? 1 : 0;
  return {
    parsed:
      given === undefined
        ? null
        : canonicalJson(
            given
              .map(textOf)
              .toSorted()
              .map((text) => parseBounded(text)),
          ),
    score: all(matched),
    scores: { tool_name: all(names), tool_arguments: all(matched) },
    counts: { expected: expected.length, given: given?.length ?? 0, matched, overlapping: names },
  };
}

function readCalls(text: string, tools: readonly Tool[] | undefined): Call[] | undefined {
  const json = jsonInText(text, isCalls);
  const parsed = json === undefined ? undefined : callsSchema.safeParse(json).data;
  return parsed?.map(({ name, arguments: given }) => {
    const value = typeof given === 'string' ? (parseBounded(given) ?? given) : given;
    const schema = tools?.find((tool) => tool.name === name)?.parameters;
    return { name, arguments: schema === undefined ? value : coerceArguments(schema, value) };
  });
}

function isCalls(value: unknown): value is object {
  return callsSchema.safeParse(value).success;
}

/** Words alone say that nothing is called; what begins like JSON and cannot be read says nothing. */
function noCall(answer: string): Call[] | undefined {
  return /[{[<]/u.test(answer) ? undefined : [];
}

function nameOf({ name }: Call): string {
  return name;
}

function textOf(call: Call): string {
  return canonicalJson(call);
}
