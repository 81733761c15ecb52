// The report's only script: it opens the rows browser. All else on the page can be read without it.
import { stateText } from './answer-state.ts';
import { element, writeMarked } from './element.ts';
import { createFilterForm } from './filter-form.ts';
import { showRow } from './row-detail.ts';
import type { RowsData, RowsHeader } from './rows-data.ts';
import { decodeRows } from './rows-data.ts';
import type { Haystack } from './search-texts.ts';
import { buildHaystack } from './search-texts.ts';
import { selectRows } from './select-rows.ts';
import { createList } from './virtual-list.ts';

/** Characters of a text that the list shows; the details show it whole. */
const glimpse = 160;

async function open(place: HTMLElement): Promise<void> {
  const header: RowsHeader = JSON.parse(take('rows-header'));
  const data = decodeRows(header, await inflate(take('rows-data')));
  let built: Haystack | undefined;
  const haystack = (): Haystack => (built ??= buildHaystack(data));
  let rows: Uint32Array = new Uint32Array();
  let phrase = '';

  const detail = element('article', { class: 'row-detail', 'aria-labelledby': 'row-detail-title' });
  const list = createList({
    label: 'Rows; arrow keys move, Enter shows all texts',
    columns: ['Row', 'Input', 'Expected', ...header.arms.map(({ name }) => name)],
    rowHeight: () => (matchMedia('(max-width: 720px)').matches ? 64 : 40),
    fill: (cells, position) => {
      fillRow(cells, data, rows[position] ?? 0, phrase);
    },
    onActive: (position) => {
      showRow(detail, data, rows[position] ?? 0, phrase);
    },
    onOpen: () => {
      detail.querySelector('h3')?.focus();
    },
  });
  const form = createFilterForm(data, (wanted) => {
    performance.mark('rows-wanted');
    phrase = wanted.phrase;
    rows = selectRows(data, haystack, wanted);
    list.reset(rows.length);
    detail.hidden = rows.length === 0;
    form.tell(`${rows.length.toLocaleString('en')} of ${header.rows.toLocaleString('en')} rows`);
    performance.measure('rows-selected', 'rows-wanted');
  });
  form.search.addEventListener('focus', () => setTimeout(haystack), { once: true });
  detail.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') {
      list.view.focus();
    }
  });
  list.view.style.setProperty('--arms', String(header.arms.length));
  place.replaceChildren(form.form, list.view, detail);
  place.hidden = false;
  document.documentElement.classList.add('rows-open');
  form.form.requestSubmit();
  performance.mark('rows-open');
}

/** Number, input, expected answer, and every arm's sign and answer. */
function fillRow(cells: readonly HTMLElement[], data: RowsData, row: number, phrase: string): void {
  const [number, ...texts] = cells;
  if (number !== undefined) {
    number.textContent = ((data.column('number')?.[row] ?? 0) + 1).toLocaleString('en');
  }
  ['input', 'expected', ...data.header.arms.map((_, arm) => `answer${arm}`)].forEach((name, index) => {
    const cell = texts[index];
    if (cell === undefined) {
      return;
    }
    writeMarked(
      cell,
      data
        .text(data.column(name)?.[row] ?? 0)
        .slice(0, glimpse)
        .replaceAll(/\s+/gu, ' '),
      phrase,
    );
    const state = data.column(`state${index - 2}`)?.[row];
    if (state !== undefined) {
      const { sign, word, tone } = stateText(state);
      cell.prepend(element('span', { class: tone, role: 'img', 'aria-label': word, title: word }, sign), ' ');
    }
  });
}

/** The text of a data block, which is then dropped: it can be as long as all the rest. */
function take(id: string): string {
  const block = document.getElementById(id);
  const text = block?.textContent ?? '';
  block?.remove();
  return text;
}

async function inflate(base64: string): Promise<Uint8Array> {
  const stream = new Blob([decodeBase64(base64)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const native: Partial<Pick<Uint8ArrayConstructor, 'fromBase64'>> = Uint8Array;
  if (native.fromBase64 !== undefined) {
    return native.fromBase64(base64);
  }
  // Browsers from before 2025.
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) {
    bytes[index] = binary.charCodeAt(index);
  }
  return bytes;
}

/** Begins once the page has been painted. */
function start(): void {
  const place = document.getElementById('rows-browser');
  if (place !== null) {
    open(place).catch((error: unknown) => {
      place.hidden = false;
      place.replaceChildren(element('p', { role: 'alert' }, `The rows could not be opened: ${String(error)}`));
    });
  }
}

if (document.hidden) {
  start();
} else {
  requestAnimationFrame(() => setTimeout(start));
}
