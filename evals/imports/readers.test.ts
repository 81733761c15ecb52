// What may be wrong with a log, reader by reader.
import { describe, expect, it } from 'vitest';
import { inspectReader } from './inspect.ts';
import type { LogReader } from './imported-arm.ts';
import { lmEvalReader } from './lm-eval.ts';
import { promptfooReader } from './promptfoo.ts';
import { syntheticInspectHeader, syntheticLmEval, syntheticPromptfoo, syntheticSample } from './synthetic-logs.ts';

const options = { file: 'the log', fields: [] };

function read(reader: LogReader, ...records: object[]) {
  records.forEach((record, index) => reader.add(record, `line ${index + 1}`));
  return reader.arms();
}

describe('every reader', () => {
  const readers = {
    promptfoo: () => promptfooReader(options),
    inspect: () => inspectReader(options, syntheticInspectHeader()),
    'lm-eval': () => lmEvalReader(options),
  };
  it.each(Object.entries(readers))('of %s refuses a log without rows', (_, reader) => {
    expect(() => read(reader())).toThrow(/has no (?:results|samples)/u);
  });

  it.each([
    ['promptfoo', { ...syntheticPromptfoo('secret text', true), score: null }, 'score'],
    ['promptfoo', { ...syntheticPromptfoo('secret text', true), success: 'yes' }, 'success'],
    ['inspect', { ...syntheticSample(1, 'C'), epoch: 0 }, 'epoch'],
    ['inspect', { ...syntheticSample(1, 'C'), input: 5 }, 'input'],
    ['lm-eval', { ...syntheticLmEval(1, 1), metrics: null }, 'metrics'],
  ] as const)(
    'of %s names line and field of a record that is not of its format, and no value',
    (tool, record, field) => {
      expect(() => read(readers[tool](), record)).toThrow(
        expect.objectContaining({ where: 'line 1', message: expect.stringContaining(`: ${field}: `) }),
      );
      expect(() => read(readers[tool](), record)).not.toThrow(/secret/u);
    },
  );
});

describe('a row of promptfoo', () => {
  it('is known by a given id before a hash', () => {
    const [arm] = read(
      promptfooReader(options),
      syntheticPromptfoo('a', true, { testCase: { metadata: { id: 7 } } }),
      syntheticPromptfoo('a', true, { vars: { id: 'x', text: 'a' } }),
      syntheticPromptfoo('a', true),
    );
    expect(arm?.rows.map(({ id }) => id)).toEqual(['7', 'x', expect.stringMatching(/^[0-9a-f]{16}$/u)]);
  });

  it('has no answer when the response is missing, whatever else it says', () => {
    const [arm] = read(promptfooReader(options), syntheticPromptfoo('a', true, { response: null, error: 'timeout' }));
    expect(arm?.rows[0]).toMatchObject({ answer: null, error: 'timeout', scores: {} });
  });

  it('keeps structured output as JSON, and a price only where one was known', () => {
    const response = { output: { b: 1, a: [2] }, cost: 0.002 };
    const [arm] = read(promptfooReader(options), syntheticPromptfoo('a', true, { response }));
    expect(arm?.rows[0]).toMatchObject({ answer: '{"a":[2],"b":1}', costUsd: 0.002 });
  });
});

describe('a sample of inspect', () => {
  it.each([
    ['C', 1],
    ['I', 0],
    ['P', 0.5],
    ['N', 0],
    [true, 1],
    ['no', 0],
    [0.25, 0.25],
  ])('with the value %j scores %d', (value, score) => {
    const [arm] = read(inspectReader(options, syntheticInspectHeader()), syntheticSample(1, value));
    expect(arm?.rows[0]?.scores).toEqual({ exact: score });
  });

  it('has one score a member of a value that is an object, and none for a text', () => {
    const [arm] = read(
      inspectReader(options, syntheticInspectHeader()),
      syntheticSample(1, { f1: 0.5, note: 'good' }),
      syntheticSample(2, 'lovely'),
    );
    expect(arm?.rows.map(({ scores }) => scores)).toEqual([{ 'exact/f1': 0.5 }, {}]);
  });

  it('asks the same although the ids of its messages are new', () => {
    const asked = ['m1', 'm2'].map((id) => {
      const input = [{ id, role: 'user', content: 'hello' }];
      return read(inspectReader(options, syntheticInspectHeader()), syntheticSample(1, 'C', { input }))[0]?.rows[0]
        ?.asked;
    });
    expect(asked[0]).toBe(asked[1]);
  });

  it('is refused when it comes twice, or the evaluation did not end', () => {
    const reader = inspectReader(options, syntheticInspectHeader());
    expect(() => read(reader, syntheticSample(1, 'C'), syntheticSample(1, 'C'))).toThrow(
      'sample 1 comes twice in epoch 1',
    );
    expect(() => inspectReader(options, syntheticInspectHeader({ status: 'cancelled' }))).toThrow('"cancelled"');
  });
});

describe('a sample of lm-eval', () => {
  it('is refused when it comes twice for one filter', () => {
    expect(() => read(lmEvalReader(options), syntheticLmEval(4, 1), syntheticLmEval(4, 0))).toThrow(
      expect.objectContaining({ message: 'document 4 comes twice', where: 'line 2' }),
    );
  });

  it('has no score for metrics of the whole corpus', () => {
    const [arm] = read(
      lmEvalReader(options),
      syntheticLmEval(0, 1, { metrics: ['exact_match', 'bleu'], bleu: ['a', 'b'] }),
    );
    expect(arm?.rows[0]?.scores).toEqual({ exact_match: 1 });
  });

  it('of several answers keeps them as JSON', () => {
    const [arm] = read(
      lmEvalReader(options),
      syntheticLmEval(0, true, {
        filtered_resps: [
          [-1.5, false],
          [-0.5, true],
        ],
      }),
    );
    expect(arm?.rows[0]).toMatchObject({ answer: '[[-1.5,false],[-0.5,true]]', scores: { exact_match: 1 } });
  });
});
