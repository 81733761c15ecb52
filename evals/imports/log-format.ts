// Which tool wrote a log, by what is in it and never by its name.
import { BadInput } from '../../domain/bad-input.ts';
import { inspectReader } from './inspect.ts';
import type { ImportedArm, LogReader, ReadLogOptions } from './imported-arm.ts';
import { lmEvalReader } from './lm-eval.ts';
import { promptfooReader } from './promptfoo.ts';

/** The reader for JSON Lines that begin with this record, or undefined when it is no record of a log we know. */
export function readerForLines(record: unknown, options: ReadLogOptions): LogReader | undefined {
  if (has(record, 'doc_id', 'filtered_resps')) {
    return lmEvalReader(options);
  }
  return has(record, 'promptIdx', 'testCase', 'vars') ? promptfooReader(options) : undefined;
}

/** The arms of a log that is one JSON document, or undefined when it is no log we know. */
export function armsOfDocument(document: unknown, options: ReadLogOptions): ImportedArm[] | undefined {
  const results = member(member(document, 'results'), 'results');
  if (Array.isArray(results)) {
    const version = member(member(document, 'metadata'), 'promptfooVersion');
    const reader = promptfooReader(options, typeof version === 'string' ? version : null);
    results.forEach((record, index) => reader.add(record, `${options.file}: results.results.${index}`));
    return reader.arms();
  }
  if (has(document, 'eval', 'status')) {
    const reader = inspectReader(options, document);
    const samples: unknown = member(document, 'samples');
    if (Array.isArray(samples)) {
      samples.forEach((sample, index) => reader.add(sample, `${options.file}: samples.${index}`));
    }
    return reader.arms();
  }
  return undefined;
}

/** What to say of a file that is none of these. */
export function unknownFormat(file: string): BadInput {
  return new BadInput('the file is no log that can be read', {
    where: file,
    hint:
      'known are promptfoo (`promptfoo eval -o out.json` or out.jsonl), inspect_ai (.eval, or .json of ' +
      '`--log-format json`) and lm-eval (samples_*.jsonl of `--log_samples`)',
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function has(value: unknown, ...names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name));
}
