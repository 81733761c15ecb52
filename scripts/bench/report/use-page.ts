// Uses the rows browser of an open report as a reader does, and tells how long each step took.
import { z } from 'zod';
import type { Page } from './browser.ts';

const actionSchema = z.strictObject({
  /** The phrase typed or the filter chosen. */
  what: z.string(),
  /** The list's status line afterwards. */
  found: z.string(),
  /** From the wish to the filled list, as the page measures it: without the pause for typing, and without layout and paint. */
  selectMs: z.number(),
  /** From the key or choice to the start of the frame after the one that shows the list: all that a reader waits. */
  shownMs: z.number(),
});
export type Action = z.infer<typeof actionSchema>;

const figuresSchema = z.strictObject({
  firstPaintMs: z.number(),
  rowsOpenMs: z.number(),
  elements: z.number(),
  listRows: z.number(),
  /** Prepares the texts as well, which the page does once. */
  firstSearch: actionSchema,
  searches: z.array(actionSchema),
  filters: z.array(actionSchema),
  scroll: z.strictObject({ frames: z.int(), medianMs: z.number(), p95Ms: z.number(), worstMs: z.number() }),
  heapMegabytes: z.number(),
});
export type PageFigures = z.infer<typeof figuresSchema>;

/** Milliseconds from navigation for opening, from the action for the others; scrolling passes the whole list in 120 frames. */
export async function usePage(page: Page, phrases: readonly string[]): Promise<PageFigures> {
  return figuresSchema.parse(await page.evaluate(`(${script})(${JSON.stringify(phrases)})`));
}

/** Runs in the page. */
const script = `async (phrases) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const until = async (test) => { while (!test()) { await frame(); } };
  const rounded = (ms) => Math.round(ms * 10) / 10;
  const selections = () => performance.getEntriesByName('rows-selected');
  await until(() => selections().length > 0 && performance.getEntriesByType('paint').length > 0);
  const search = document.getElementById('rows-search');
  const show = document.getElementById('rows-show');
  const after = async (what, act) => {
    const before = selections().length;
    const start = performance.now();
    act();
    await until(() => selections().length > before);
    await frame();
    const shownMs = rounded(performance.now() - start);
    return { what, found: document.querySelector('.rows-status').textContent, selectMs: rounded(selections().at(-1).duration), shownMs };
  };
  const type = (phrase) => after(phrase, () => {
    search.value = phrase;
    search.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const choose = (index) => after(show.options[index].textContent, () => {
    show.selectedIndex = index;
    show.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const firstSearch = await type('first of all');
  const searches = [];
  for (const phrase of phrases) {
    searches.push(await type(phrase));
  }
  await type('');
  const filters = [];
  for (let index = 1; index < show.options.length; index += 1) {
    if (!show.options[index].disabled) {
      filters.push(await choose(index));
    }
  }
  await choose(0);
  const view = document.querySelector('.rows-view');
  const steps = 120;
  const gaps = [];
  let last = await frame();
  for (let step = 1; step <= steps; step += 1) {
    view.scrollTop = (view.scrollHeight - view.clientHeight) * step / steps;
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((left, right) => left - right);
  const gapAt = (share) => rounded(gaps[Math.min(steps - 1, Math.floor(steps * share))]);
  return {
    firstPaintMs: Math.round(performance.getEntriesByType('paint')[0].startTime),
    rowsOpenMs: Math.round(performance.getEntriesByName('rows-open')[0].startTime),
    elements: document.getElementsByTagName('*').length,
    listRows: document.querySelectorAll('.rows-space .rows-row').length,
    firstSearch,
    searches,
    filters,
    scroll: { frames: steps, medianMs: gapAt(0.5), p95Ms: gapAt(0.95), worstMs: gapAt(1) },
    heapMegabytes: Math.round(performance.memory.usedJSHeapSize / 1e5) / 10,
  };
}`;
