// A verdict as JUnit XML, for the test view of a CI server: what failed, and why.
import { metricFacts } from '../../domain/metrics.ts';
import type { GateCheck } from '../../domain/gate-check.ts';
import type { Comparison, SliceComparison, Verdict } from '../../domain/verdict.ts';
import { difference, finding, numbers, opponent } from './comparison-words.ts';
import { xmlText } from './xml-text.ts';

interface Case {
  readonly name: string;
  /** What was found, passed or not. */
  readonly text: string;
  /** Kind of the failure; absent when the case passed. */
  readonly failure?: string | undefined;
}

/**
 * One suite each for the deciding comparisons, the critical slices and the checks, one test case for each of them. A
 * case fails when it does not meet the rule; its message says why. Every text is escaped, and characters that XML
 * cannot carry are removed. The elements and attributes are those that Jenkins, GitLab and GitHub actions read.
 *
 * @param title names the contest, for example the recipe
 */
export function junitXml(verdict: Verdict, title: string): string {
  const suites = [
    { name: 'comparisons', cases: verdict.deciding.map((each) => comparisonCase(each, verdict.rule)) },
    {
      name: 'critical slices',
      cases: verdict.slices.filter(({ critical }) => critical).map((each) => sliceCase(each, verdict)),
    },
    { name: 'checks', cases: checkCases(verdict) },
  ].filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `contender ${title}`, ...totals(all) })}>`,
    ...suites.map(({ name, cases }, index) =>
      suite(name, cases, { title, facts: index === 0 ? properties(verdict) : [] }),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(
  name: string,
  cases: readonly Case[],
  { title, facts }: { readonly title: string; readonly facts: readonly (readonly [string, string])[] },
): string {
  return [
    `  <testsuite${attributes({ name: `${title}: ${name}`, ...totals(cases) })}>`,
    ...(facts.length === 0
      ? []
      : [
          '    <properties>',
          ...facts.map(([key, value]) => `      <property${attributes({ name: key, value })}/>`),
          '    </properties>',
        ]),
    ...cases.flatMap((each) => testcase(each, name)),
    '  </testsuite>',
  ].join('\n');
}

function testcase({ name, text, failure }: Case, suiteName: string): string[] {
  const content =
    failure === undefined
      ? `      <system-out>${xmlText(text)}</system-out>`
      : `      <failure${attributes({ message: text, type: failure })}>${xmlText(text)}</failure>`;
  return [`    <testcase${attributes({ name, classname: `contender.${suiteName}` })}>`, content, '    </testcase>'];
}

function comparisonCase(comparison: Comparison, rule: Verdict['rule']): Case {
  const { metric, conclusion } = comparison;
  const enough = conclusion === 'superior' || (conclusion === 'non_inferior' && rule === 'non_inferior');
  const claim = rule === 'superior' ? 'better than' : 'not worse than';
  return {
    name: `${claim} ${opponent(comparison)}, ${metricFacts[metric].label}`,
    text: `${finding(comparison)}: ${difference(comparison)}; ${numbers(comparison)}`,
    failure: enough ? undefined : conclusion,
  };
}

function sliceCase(slice: SliceComparison, { deciding }: Verdict): Case {
  const against = deciding.find(({ armId }) => armId === slice.armId);
  const found = slice.difference === null ? `${slice.n} rows, not tested` : difference({ ...slice, n: slice.n });
  return {
    name: `not worse than ${against === undefined ? slice.armId : opponent(against)} on ${slice.slice} ${slice.value}`,
    text: `${finding(slice)}: ${found}`,
    failure: slice.conclusion === 'non_inferior' ? undefined : slice.conclusion,
  };
}

/** Records of version 0.1.0 know only the vetoes, and not the checks that passed. */
function checkCases({ checks, vetoes }: Verdict): Case[] {
  const counts = new Map<string, number>();
  const numbered = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  };
  const told = new Set(checks.map(({ sentence }) => sentence));
  return [
    ...checks.map((check) => ({
      name: numbered(check.check.replaceAll('_', ' ')),
      text: checkText(check),
      failure: check.outcome === 'passed' ? undefined : check.outcome,
    })),
    ...vetoes
      .filter((veto) => !told.has(veto))
      .map((veto) => ({ name: numbered('veto'), text: veto, failure: 'failed' })),
  ];
}

function checkText({ sentence, measured, limit, unit }: GateCheck): string {
  return measured === null || limit === null ? sentence : `${sentence} (${measured} of ${limit} ${unit})`.trim();
}

function properties({ kind, sentence, rule, inputs, deciding }: Verdict): [string, string][] {
  const [first] = deciding;
  return [
    ['verdict', kind],
    ['sentence', sentence],
    ['rule', rule],
    ...(first === undefined
      ? []
      : ([
          ['margin', String(first.margin)],
          ['confidence', String(first.confidence)],
        ] satisfies [string, string][])),
    ...Object.entries(inputs).map(([name, digest]): [string, string] => [`sha256 of ${name}`, digest]),
  ];
}

function totals(cases: readonly Case[]): Record<string, string> {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return { tests: String(cases.length), failures: String(failures), errors: '0' };
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(value.replaceAll(/\s+/gu, ' '))}"`)
    .join('');
}
