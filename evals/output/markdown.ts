// A verdict as Markdown, short enough for a comment on a pull request.
import type { Scorecard } from '../../domain/scorecard.ts';
import type { Comparison, SliceComparison, Verdict } from '../../domain/verdict.ts';
import { metricFacts, type Metric } from '../../domain/metrics.ts';
import { dollars, percent, signedPoints } from '../report/format.ts';
import { pText } from '../numbers-in-words.ts';
import { finding, opponent } from './comparison-words.ts';
import { markdownText } from './markdown-text.ts';

/** What a cell shows where nothing was measured. */
const nothing = '–';

/**
 * Verdict, sentence, arms, comparisons, slices and checks. Every text that comes from elsewhere is escaped.
 *
 * @param title names the contest, for example the recipe
 */
export function verdictMarkdown(verdict: Verdict, scorecards: readonly Scorecard[], title: string): string {
  const metric = verdict.deciding[0]?.metric ?? 'exact_match';
  const parts = [
    `### ${markdownText(title)}: ${verdict.kind}`,
    markdownText(verdict.sentence),
    ...standInNotice(scorecards),
    arms(scorecards, metric),
    comparisons(verdict),
    ...slices(verdict),
    ...checks(verdict),
    ...list('Remarks', verdict.remarks),
    ...(verdict.multiplicity === '' ? [] : [markdownText(verdict.multiplicity)]),
    evidence(verdict),
  ];
  return `${parts.join('\n\n')}\n`;
}

function arms(scorecards: readonly Scorecard[], metric: Metric): string {
  return table(
    ['Arm', metricFacts[metric].label, '95 % interval', 'Rows', 'Unread', 'No answer', 'Cost'],
    scorecards.map((card) => {
      const found = card.metrics[metric];
      return [
        card.arm.label,
        found === undefined ? nothing : percent(found.value),
        found === undefined ? nothing : `${(100 * found.low).toFixed(1)} to ${(100 * found.high).toFixed(1)}`,
        String(card.n),
        String(card.parseFailures),
        String(card.errors),
        card.costUsd === null ? nothing : dollars(card.costUsd),
      ];
    }),
  );
}

function comparisons({ deciding, reference }: Verdict): string {
  const level = deciding[0] === undefined ? '' : `${Number((100 * deciding[0].confidence).toFixed(1))} % `;
  return table(
    ['Candidate against', 'Points', `${level}interval`, 'Won / lost', 'McNemar', 'Finding', 'Rows needed', 'Decides'],
    [...deciding.map((each) => comparisonRow(each, true)), ...reference.map((each) => comparisonRow(each, false))],
  );
}

function comparisonRow(each: Comparison, decides: boolean): string[] {
  return [
    opponent(each),
    signedPoints(each.difference),
    `${signedPoints(each.low)} to ${signedPoints(each.high)}`,
    `${each.wins} / ${each.losses}`,
    pText(each.mcnemarP),
    finding(each),
    each.rowsNeeded === null ? nothing : String(each.rowsNeeded),
    decides ? 'yes' : 'no',
  ];
}

/** Comments have a limit (65,536 characters on GitHub), and slices are many. */
const mostRows = 40;

/** The critical slices and those that are worse, what does not pass first; the rest in a sentence. */
function slices({ slices: all, deciding }: Verdict): string[] {
  const wanted = all.filter(({ critical, conclusion }) => critical || conclusion === 'worse');
  if (wanted.length === 0) {
    return all.length === 0 ? [] : [`None of ${all.length} slices is worse.`];
  }
  const open = wanted.filter(({ conclusion }) => conclusion !== 'non_inferior');
  const shown = [...open, ...wanted.filter(({ conclusion }) => conclusion === 'non_inferior')].slice(0, mostRows);
  const against = (slice: SliceComparison): string => {
    const found = deciding.find(({ armId }) => armId === slice.armId);
    return found === undefined ? slice.armId : opponent(found);
  };
  return [
    table(
      ['Slice', 'Value', 'Against', 'Rows', 'Points', 'Interval', 'Adjusted p', 'Finding', 'Critical'],
      shown.map((slice) => [
        slice.slice,
        slice.value,
        against(slice),
        String(slice.n),
        slice.difference === null ? nothing : signedPoints(slice.difference),
        slice.low === null || slice.high === null
          ? nothing
          : `${signedPoints(slice.low)} to ${signedPoints(slice.high)}`,
        slice.adjustedP === null ? nothing : pText(slice.adjustedP),
        finding(slice),
        slice.critical ? 'yes' : 'no',
      ]),
    ),
    ...(wanted.length > shown.length ? [`${wanted.length - shown.length} further slices are in the report.`] : []),
  ];
}

/** Critical slices that passed have a table of their own. */
function checks({ checks: all, vetoes }: Verdict): string[] {
  if (all.length === 0) {
    return list('Against a promotion', vetoes);
  }
  const signs = { passed: '✓', failed: '✗', unknown: '?' } as const;
  const shown = all.filter(({ check, outcome }) => check !== 'critical_slices' || outcome !== 'passed');
  return [
    table(
      ['Check', 'Outcome', 'Finding'],
      shown
        .slice(0, mostRows)
        .map(({ check, outcome, sentence }) => [check.replaceAll('_', ' '), `${signs[outcome]} ${outcome}`, sentence]),
      { numeric: false },
    ),
    ...(shown.length > mostRows ? [`${shown.length - mostRows} further checks are in the report.`] : []),
  ];
}

function standInNotice(scorecards: readonly Scorecard[]): string[] {
  return scorecards.some(({ arm }) => arm.standIn)
    ? ['A stand-in, a classical classifier, takes the place of a closed model: this says nothing about GPT or Claude.']
    : [];
}

function evidence({ rule, deciding, inputs, procedure }: Verdict): string {
  const [first] = deciding;
  const margin = first === undefined ? '' : `, margin ${(100 * first.margin).toFixed(1)} points, ${first.method}`;
  const digests = Object.entries(inputs).map(([name, digest]) => `${name} ${digest.slice(0, 12)}`);
  return `<sub>Rule ${markdownText(`${rule.replace('_', '-')}${margin}. ${procedure}. SHA-256: ${digests.join(', ')}`)}</sub>`;
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}:\n\n${items.map((item) => `- ${markdownText(item)}`).join('\n')}`];
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numeric = true }: { readonly numeric?: boolean } = {},
): string {
  const rule = `| ${head.map((_, index) => (index === 0 || !numeric ? '---' : '---:')).join(' | ')} |`;
  return [tableLine(head), rule, ...rows.map((row) => tableLine(row))].join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => markdownText(cell)).join(' | ')} |`;
}
