// Records as the three tools write them, for tests that need one with a particular flaw. Recorded logs: recorded/.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Text of a recorded log. */
export function recordedLog(name: string): string {
  return readFileSync(recordedPath(name), 'utf8');
}

export function recordedPath(name: string): string {
  return fileURLToPath(new URL(`recorded/${name}`, import.meta.url));
}

/** Records of a recorded JSON Lines file. */
export function recordedLines(name: string): unknown[] {
  return recordedLog(name)
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

/** One result of promptfoo: a test with the variables `text` and `label`, checked by `equals`. */
export function syntheticPromptfoo(text: string, passed: boolean, change: object = {}): object {
  return {
    promptIdx: 0,
    promptId: 'p',
    testIdx: 0,
    provider: { id: 'openai:chat:stub', label: '' },
    prompt: { raw: text, label: 'Label {{text}}' },
    vars: { text, label: 'card' },
    success: passed,
    score: passed ? 1 : 0,
    namedScores: {},
    failureReason: passed ? 0 : 1,
    response: { output: passed ? 'card' : 'fees', cached: false, finishReason: 'stop' },
    latencyMs: 40,
    tokenUsage: { prompt: 20, completion: 3 },
    testCase: { vars: { text, label: 'card' }, assert: [{ type: 'equals', value: '{{label}}' }], metadata: {} },
    ...change,
  };
}

/** The header of an inspect log. */
export function syntheticInspectHeader(change: object = {}): object {
  return { version: 2, status: 'success', eval: { model: 'openai-api/stub/stub', packages: {} }, ...change };
}

/** One sample of an inspect log. */
export function syntheticSample(id: string | number, value: unknown, change: object = {}): object {
  return {
    id,
    epoch: 1,
    input: `question ${id}`,
    target: 'card',
    output: { completion: 'card', choices: [{ stop_reason: 'stop' }], time: 0.05 },
    scores: { exact: { value, answer: 'card' } },
    model_usage: { stub: { input_tokens: 20, output_tokens: 3, total_tokens: 23 } },
    ...change,
  };
}

/** One sample of lm-eval. */
export function syntheticLmEval(document: number, score: unknown, change: object = {}): object {
  return {
    doc_id: document,
    doc: { text: `question ${document}`, label: 'card', customer: `customer ${document % 3}` },
    doc_hash: `hash ${document}`,
    target: 'card',
    filtered_resps: ['card'],
    filter: 'none',
    metrics: ['exact_match'],
    exact_match: score,
    ...change,
  };
}
