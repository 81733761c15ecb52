// The report: one HTML file that needs no network and no script to be read.
import { sha256 } from '../../domain/canonical.ts';
import { contestSection } from './contest-section.ts';
import { filterScript } from './filter-script.ts';
import { html, markup, textOf } from './html.ts';
import type { ReportData } from './report-data.ts';
import { rowsSection } from './rows-section.ts';
import { datasetSection, lineageSection, stagesSection, trainingSection } from './run-sections.ts';
import { styles } from './styles.ts';
import { sweepSection } from './sweep-section.ts';
import { standInBanner, verdictSection } from './verdict-section.ts';

/**
 * Renders a self-contained HTML document. All text is escaped, control characters are shown as signs, and a content
 * security policy forbids every request and every script but the table filter, which it knows by its hash. The same
 * data give the same bytes.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const hash = Buffer.from(sha256(filterScript), 'hex').toString('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const date = data.createdAt.slice(0, 16).replace('T', ' ');
  const body = html`<main>
    <header>
      <h1>${data.recipeName}</h1>
      <p>Contender report · run <code>${data.runKey}</code> · ${date} UTC</p>
    </header>
    ${verdictSection(data)} ${standInBanner(data)} ${await contestSection(data)} ${rowsSection(data)}
    ${sweepSection(data)} ${await trainingSection(data)} ${datasetSection(data)} ${stagesSection(data)}
    ${lineageSection(data)}
  </main>`;
  const head = html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <title>${data.verdict.kind}: ${data.recipeName} · Contender</title>
    ${markup(`<style>${styles}</style>`)}
  </head>`;
  return `<!doctype html>\n<html lang="en">${textOf(head)}<body>${textOf(body)}<script>${filterScript}</script></body></html>\n`;
}
