// The report: one HTML file that needs no network, and a script only to browse rows.
import { sha256 } from '../../domain/canonical.ts';
import { checksSection } from './checks-section.ts';
import { confusionSection } from './confusion-section.ts';
import { contestSection } from './contest-section.ts';
import { costSection } from './cost-section.ts';
import { datasetSection } from './dataset/dataset-section.ts';
import { fieldsSection } from './fields-section.ts';
import { html, markup, textOf } from './html.ts';
import type { Html } from './html.ts';
import { judgeSection } from './judge-section.ts';
import { latencySection } from './latency-section.ts';
import { pageScript } from './page-script.ts';
import { pairsSection } from './pairs-section.ts';
import type { ReportData } from './report-data.ts';
import { rowsSection } from './rows-section.ts';
import { lineageSection, stagesSection, trainingSection } from './run-sections.ts';
import { slicesSection } from './slices-section.ts';
import { styles } from './styles.ts';
import { sweepSection } from './sweep-section.ts';
import { standInBanner, verdictSection } from './verdict-section.ts';

/**
 * Renders a self-contained HTML document. All text is escaped, invisible characters are shown as signs, and a content
 * security policy forbids every request and every script but the rows browser, which it knows by its hash. The same
 * data give the same bytes.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const hash = Buffer.from(sha256(pageScript), 'hex').toString('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const date = data.createdAt.slice(0, 16).replace('T', ' ');
  const { section: rows, blocks } = await rowsSection(data);
  const sections = [
    checksSection(data),
    await contestSection(data),
    await pairsSection(data),
    slicesSection(data),
    confusionSection(data),
    fieldsSection(data),
    judgeSection(data),
    await costSection(data),
    await latencySection(data),
    rows,
    ...(await runSections(data)),
    stagesSection(data),
    lineageSection(data),
  ].filter((section) => section !== null);
  const body = html`<a class="skip" href="#main">To the verdict</a>
    <header>
      <h1>${data.title}</h1>
      <p>
        Contender report · ${data.run === null ? 'evaluation' : 'run'} <code>${data.key}</code> ·
        <time datetime="${data.createdAt}">${date} UTC</time>
      </p>
    </header>
    <main id="main">${verdictSection(data)} ${standInBanner(data)} ${contents(sections)} ${sections}</main>
    <footer>
      <p>Suite <code>${data.arms[0]?.scorecard.suite ?? ''}</code>. This file loads nothing from elsewhere.</p>
    </footer>
    ${blocks}`;
  const head = html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <title>${data.verdict.kind}: ${data.title} · Contender</title>
    ${markup(`<style>${styles}</style>`)}
  </head>`;
  return `<!doctype html>\n<html lang="en">${textOf(head)}<body>${textOf(body)}<script type="module">${pageScript}</script></body></html>\n`;
}

async function runSections({ run }: ReportData): Promise<Html[]> {
  return run === null ? [] : [sweepSection(run), await trainingSection(run), await datasetSection(run)];
}

/** Links to the sections that are there, by their headings. */
function contents(sections: readonly Html[]): Html {
  const links = sections.flatMap((section) => {
    const [, id = '', title = ''] = /<h2 id="([a-z]+)">([^<]*)/u.exec(textOf(section)) ?? [];
    return id === '' ? [] : [html`<li><a href="#${id}">${markup(title.trim())}</a></li>`];
  });
  return html`<nav aria-label="Sections">
    <ul>
      ${links}
    </ul>
  </nav>`;
}
