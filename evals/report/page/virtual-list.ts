// A list of any length of which only the rows in view are in the document.
import { element } from './element.ts';

/** Rows drawn above and below what is in view. */
const margin = 8;

interface ListOptions {
  readonly label: string;
  readonly columns: readonly string[];
  /** Height of one row in pixels, as the style sheet has it on this screen. */
  readonly rowHeight: () => number;
  /** Fills the cells with the row at this position of the list. */
  readonly fill: (cells: readonly HTMLElement[], position: number) => void;
  /** A row became the active one, by key or by click. */
  readonly onActive: (position: number) => void;
  /** The reader asks for the active row's details. */
  readonly onOpen: () => void;
}

export interface VirtualList {
  readonly view: HTMLElement;
  /** Shows this many rows from the top; the first becomes the active one. */
  readonly reset: (length: number) => void;
}

/** Builds the list. Arrows, Page Up and Down, Home and End move the active row, Enter opens it. */
export function createList(options: ListOptions): VirtualList {
  const head = element(
    'div',
    { role: 'row', class: 'rows-row rows-head', 'aria-rowindex': '1' },
    ...options.columns.map((title) => element('span', { role: 'columnheader', title }, title)),
  );
  const space = element('div', { role: 'rowgroup', class: 'rows-space' });
  const view = element(
    'div',
    { role: 'grid', class: 'rows-view', tabindex: '0', 'aria-label': options.label },
    head,
    space,
  );
  const pool: { row: HTMLElement; cells: HTMLElement[] }[] = [];
  let length = 0;
  let active = 0;

  const draw = (): void => {
    const height = options.rowHeight();
    space.style.height = `${length * height}px`;
    const first = Math.max(0, Math.floor(view.scrollTop / height) - margin);
    const last = Math.min(length, Math.ceil((view.scrollTop + view.clientHeight) / height) + margin);
    for (let slot = pool.length; slot < last - first; slot += 1) {
      const cells = options.columns.map(() => element('span', { role: 'gridcell', dir: 'auto' }));
      const row = element('div', { role: 'row', class: 'rows-row' }, ...cells);
      pool.push({ row, cells });
      space.append(row);
    }
    pool.forEach(({ row, cells }, slot) => {
      const position = first + slot;
      row.hidden = position >= last;
      if (row.hidden) {
        row.removeAttribute('id');
        return;
      }
      row.id = `rows-at-${position}`;
      row.style.transform = `translateY(${position * height}px)`;
      row.dataset['position'] = String(position);
      row.setAttribute('aria-rowindex', String(position + 2));
      row.setAttribute('aria-selected', String(position === active));
      options.fill(cells, position);
    });
    view.setAttribute('aria-activedescendant', length > 0 ? `rows-at-${active}` : '');
  };
  const activate = (position: number): void => {
    if (length === 0) {
      return;
    }
    active = Math.max(0, Math.min(length - 1, position));
    const height = options.rowHeight();
    const below = (active + 1) * height + head.offsetHeight - view.clientHeight;
    view.scrollTop = Math.max(below, Math.min(view.scrollTop, active * height));
    draw();
    options.onActive(active);
  };
  const page = (): number => Math.max(1, Math.floor((view.clientHeight - head.offsetHeight) / options.rowHeight()) - 1);
  const moves: Readonly<Record<string, () => number>> = {
    ArrowDown: () => active + 1,
    ArrowUp: () => active - 1,
    PageDown: () => active + page(),
    PageUp: () => active - page(),
    Home: () => 0,
    End: () => length - 1,
  };

  view.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  view.addEventListener('keydown', (event) => {
    const move = moves[event.key];
    if (move !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      activate(move());
    } else if (event.key === 'Enter') {
      event.preventDefault();
      options.onOpen();
    }
  });
  space.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('.rows-row') : null;
    if (row !== null) {
      activate(Number(row.dataset['position']));
    }
  });
  new ResizeObserver(draw).observe(view);
  return {
    view,
    reset: (count) => {
      length = count;
      active = 0;
      view.setAttribute('aria-rowcount', String(count + 1));
      view.scrollTop = 0;
      draw();
      if (count > 0) {
        options.onActive(0);
      }
    },
  };
}
