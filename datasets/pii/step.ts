// Personal data in one row: looks through its texts, and redacts, replaces, counts or drops as the recipe says.
import type { PiiRecipe } from '../../domain/recipe-pii.ts';
import { collectStrings, withStrings } from './argument-strings.ts';
import { withoutOverlaps, type PiiFinding } from './finding.ts';
import { createPseudonyms, placeholder, type Replacement } from './replacements.ts';
import { createPiiScanner, type PiiScanner } from './scanner.ts';
import type { AnalyzedText } from './text-analyzer.ts';

interface PiiTurn {
  readonly content: string;
  /** Strings within the arguments are texts too. */
  readonly calls?: readonly { readonly arguments: unknown }[] | undefined;
}

/** The texts of a row; everything else about it stays as it is. */
export interface PiiRow {
  readonly input: string;
  readonly output: string;
  readonly rejected?: string | undefined;
  readonly messages?: readonly PiiTurn[] | undefined;
}

export interface PiiKept<Row> {
  /** The same object where no text changed. */
  readonly row: Row;
  /** Findings by type over all texts of the row; undefined where there are none. */
  readonly counts: ReadonlyMap<string, number> | undefined;
}

export interface PiiDropped {
  readonly rule: 'personal_data';
  /** Types alone, sorted, never a value; or that the analyzer failed. */
  readonly detail: string;
  readonly counts: ReadonlyMap<string, number>;
}

/** What an analyzer found in the row's texts, in the order of `piiTextsOf`. A row with a text that it fails at is dropped. */
export type AnalyzerFindings = readonly AnalyzedText[];

export type PiiStep = <Row extends PiiRow>(row: Row, analyzed?: AnalyzerFindings) => PiiKept<Row> | PiiDropped;

/** A replacement can free a neighbour that was part of a longer word; texts are looked at again this often. */
const mostPasses = 4;

/** The texts of a row in the order in which an analyzer's findings are given to the step. */
export function piiTextsOf(row: PiiRow): string[] {
  const texts = [row.input, row.output];
  if (row.rejected !== undefined) {
    texts.push(row.rejected);
  }
  for (const message of row.messages ?? []) {
    texts.push(message.content);
    for (const call of message.calls ?? []) {
      collectStrings(call.arguments, texts);
    }
  }
  return texts;
}

/**
 * @param key the secret of pseudonyms, from the environment variable that `settings.key` names.
 * @throws BadInput for a pattern, a region or a key that cannot be used.
 */
export function createPiiStep(settings: PiiRecipe, key?: string): PiiStep {
  const scanner = createPiiScanner(settings);
  const { action } = settings;
  const replacement = action === 'pseudonym' ? createPseudonyms(settings, key) : placeholder;
  const changes = action === 'redact' || action === 'pseudonym';

  return (row, analyzed) => {
    if (analyzed?.includes(undefined) === true) {
      return { rule: 'personal_data', detail: 'the analyzer failed at a text of this row', counts: new Map() };
    }
    const counter: Counter = { counts: undefined };
    const texts = piiTextsOf(row);
    let changed = false;
    for (let index = 0; index < texts.length; index += 1) {
      const before = texts[index] ?? '';
      const after = throughText(before, { scanner, replacement, changes, extra: analyzed?.[index] }, counter);
      changed ||= after !== before;
      texts[index] = after;
    }
    if (counter.counts !== undefined && action === 'drop') {
      return {
        rule: 'personal_data',
        detail: [...counter.counts.keys()].toSorted().join(', '),
        counts: counter.counts,
      };
    }
    return { row: changed ? withTexts(row, texts) : row, counts: counter.counts };
  };
}

interface Counter {
  counts: Map<string, number> | undefined;
}

interface Handling {
  readonly scanner: PiiScanner;
  readonly replacement: Replacement;
  readonly changes: boolean;
  readonly extra: readonly PiiFinding[] | undefined;
}

function throughText(text: string, { scanner, replacement, changes, extra }: Handling, counter: Counter): string {
  let findings = scanner.scan(text);
  if (extra !== undefined && extra.length > 0) {
    findings = withoutOverlaps([...findings, ...extra]);
  }
  let current = text;
  for (let pass = 1; findings.length > 0; pass += 1) {
    for (const { type } of findings) {
      counter.counts ??= new Map();
      counter.counts.set(type, (counter.counts.get(type) ?? 0) + 1);
    }
    if (!changes) {
      break;
    }
    current = replaced(current, findings, replacement);
    if (pass === mostPasses) {
      break;
    }
    findings = scanner.scan(current);
  }
  return current;
}

function replaced(text: string, findings: readonly PiiFinding[], replacement: Replacement): string {
  let result = '';
  let from = 0;
  for (const { type, start, end } of findings) {
    result += text.slice(from, start) + replacement(type, text.slice(start, end));
    from = end;
  }
  return result + text.slice(from);
}

function withTexts<Row extends PiiRow>(row: Row, texts: readonly string[]): Row {
  const [input = '', output = ''] = texts;
  let next = 2;
  const take = (): string => {
    next += 1;
    return texts[next - 1] ?? '';
  };
  return {
    ...row,
    input,
    output,
    ...(row.rejected === undefined ? {} : { rejected: take() }),
    ...(row.messages === undefined ? {} : { messages: row.messages.map((turn) => withTurnTexts(turn, take)) }),
  };
}

function withTurnTexts(turn: PiiTurn, take: () => string): PiiTurn {
  const content = take();
  if (turn.calls === undefined) {
    return { ...turn, content };
  }
  const calls = turn.calls.map((call) => ({ ...call, arguments: withStrings(call.arguments, take) }));
  return { ...turn, content, calls };
}
