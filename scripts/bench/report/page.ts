// docs/benchmarks/report.md, from the figures of one run.
import type { Action, PageFigures } from './use-page.ts';

/** One contest: making its report, and using it. */
export interface MeasuredReport {
  readonly name: string;
  readonly arms: number;
  readonly rendered: {
    readonly readSeconds: number;
    readonly renderSeconds: number;
    readonly peakMegabytes: number;
    readonly pageMegabytes: number;
  };
  readonly page: PageFigures & { readonly requests: number };
  /** The system's one-minute load afterwards. */
  readonly load: number;
}

export interface ReportFigures {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly browser: string;
  };
  readonly measured: readonly MeasuredReport[];
}

/** The page as Markdown. */
export function reportPage({ machine, measured }: ReportFigures): string {
  const loads = measured.map(({ load }) => load.toFixed(1)).join(', ');
  const making: Record<string, (one: MeasuredReport) => string> = {
    'read the results, s': ({ rendered }) => rendered.readSeconds.toFixed(1),
    'make the page, s': ({ rendered }) => rendered.renderSeconds.toFixed(1),
    'most memory, MB': ({ rendered }) => rendered.peakMegabytes.toFixed(0),
    'size of the file, MB': ({ rendered }) => rendered.pageMegabytes.toFixed(1),
  };
  const using: Record<string, (one: MeasuredReport) => string> = {
    'first paint': ({ page }) => page.firstPaintMs.toFixed(0),
    'rows browser ready': ({ page }) => page.rowsOpenMs.toFixed(0),
    'first search, which prepares the texts': ({ page }) => shown([page.firstSearch]),
    'keystroke of a search, slowest': ({ page }) => shown(page.searches),
    'filter “Arms disagree”': ({ page }) => shown(page.filters.filter(({ what }) => what.startsWith('Arms disagree'))),
    'any other filter, slowest': ({ page }) =>
      shown(page.filters.filter(({ what }) => !what.startsWith('Arms disagree'))),
    'scrolling, frame to frame: median': ({ page }) => page.scroll.medianMs.toFixed(1),
    'scrolling, frame to frame: slowest of 20': ({ page }) => page.scroll.p95Ms.toFixed(1),
    'scrolling, frame to frame: slowest of all': ({ page }) => page.scroll.worstMs.toFixed(1),
  };
  const counts: Record<string, (one: MeasuredReport) => string> = {
    'rows that the page holds': ({ page }) => /of (\S+) rows/u.exec(page.firstSearch.found)?.[1] ?? '',
    'elements in the page': ({ page }) => page.elements.toLocaleString('en'),
    'rows of the list in the page': ({ page }) => String(page.listRows),
    'script memory, MB': ({ page }) => page.heapMegabytes.toFixed(0),
    'requests, the file itself included': ({ page }) => String(page.requests),
  };
  return `# Speed of the report

Made by \`npm run bench -- report\`; do not edit. All figures are in \`report.json\`.

Made-up contests of four arms. The page is made in a process of its own and used in a headless browser of 1200 × 900 pixels.

${table('making', measured, making)}

Milliseconds: opening from navigation, the others from the key or choice until the list is on the screen. A search waits for a
pause in typing, which is part of its time; in brackets the part that selects rows and fills the list. Scrolling passes the whole
list in 120 frames; a screen without delay takes 16.7 ms for a frame.

${table('using', measured, using)}

${table('page', measured, counts)}

${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.browser}, no graphics card. The machine’s load was ${loads}; above ${machine.cores} other work was running too.
`;
}

function table(
  title: string,
  measured: readonly MeasuredReport[],
  lines: Readonly<Record<string, (one: MeasuredReport) => string>>,
): string {
  const head = `| ${title} | ${measured.map(({ name }) => name).join(' | ')} |\n| --- | ${measured.map(() => '---:').join(' | ')} |`;
  const body = Object.entries(lines).map(([name, cell]) => `| ${name} | ${measured.map(cell).join(' | ')} |`);
  return [head, ...body].join('\n');
}

/** The slowest of some actions. */
function shown(actions: readonly Action[]): string {
  const [slowest] = actions.toSorted((left, right) => right.shownMs - left.shownMs);
  return slowest === undefined ? '' : `${slowest.shownMs.toFixed(0)} (${slowest.selectMs.toFixed(0)})`;
}
