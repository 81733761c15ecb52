// The script inside the report is that of its sources, and can neither write markup nor reach a network.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageScript } from '../../evals/report/page-script.ts';
import { packageRoot } from '../../infra/settings.ts';
import { generatedPageScript } from '../../scripts/report-page.ts';

describe('the script of the report', () => {
  it('is generated from its sources', { timeout: 30_000 }, async () => {
    const [path, text] = await generatedPageScript();
    const found = await readFile(join(packageRoot, path), 'utf8');
    expect(found, `${path} is stale: run node scripts/report-page.ts`).toBe(text);
  });

  it('writes no markup, runs no text, and asks nobody for anything', () => {
    const forbidden =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\b|localStorage|cookie|\.src\b|\.href\b/u;
    expect(pageScript).not.toMatch(forbidden);
  });

  it('cannot end the element that holds it', () => {
    expect(pageScript).not.toMatch(/<\/script|<!--/iu);
  });
});
