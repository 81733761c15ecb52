// The form above the rows: a phrase, what became of the answers, and one choice for every slice.
import { element } from './element.ts';
import type { RowsData } from './rows-data.ts';
import type { Show, Wanted } from './select-rows.ts';
import { countRows } from './select-rows.ts';

/** Time without a key press after which a phrase is looked for, in milliseconds. */
const patience = 120;

export interface FilterForm {
  readonly form: HTMLFormElement;
  readonly search: HTMLInputElement;
  /** Tells how many rows are shown. */
  readonly tell: (text: string) => void;
}

/** Builds the form; `onChange` is called with what the reader wants, a moment after the last key press. */
export function createFilterForm(data: RowsData, onChange: (wanted: Wanted) => void): FilterForm {
  const shows = groupsOf(data).flatMap(({ choices }) => choices.map(({ show }) => show));
  const search = element('input', { type: 'search', id: 'rows-search', autocomplete: 'off', spellcheck: 'false' });
  const show = showSelect(data);
  const slices = data.header.slices.map((_, slice) => sliceSelect(data, slice));
  const status = element('p', { role: 'status', class: 'note rows-status' });
  const clear = element('button', { type: 'reset' }, 'Clear');
  const form = element(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Rows' },
    labelled('Search texts', search),
    labelled('Show', show),
    ...slices.map((select, slice) => labelled(data.header.slices[slice]?.name ?? '', select)),
    clear,
  );
  const changed = (): void => {
    onChange({
      show: shows[Number(show.value)] ?? { what: 'all' },
      slices: slices.map(({ value }) => (value === '' ? null : Number(value))),
      phrase: search.value.trim(),
    });
  };
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(changed, patience);
  });
  form.addEventListener('change', ({ target }) => {
    if (target !== search) {
      changed();
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    changed();
  });
  form.addEventListener('reset', () => {
    // The fields have their old values until the event is over.
    setTimeout(changed);
  });
  form.append(status);
  return {
    form,
    search,
    tell: (text) => {
      status.textContent = text;
    },
  };
}

interface Group {
  readonly title: string;
  readonly choices: readonly { readonly show: Show; readonly text: string }[];
}

/** Everything the select box offers, in its order. */
function groupsOf({ header }: RowsData): Group[] {
  const arms = header.arms.map(({ name }, arm) => ({ name, arm }));
  const others = arms.slice(1);
  const better = header.binary ? 'right where the other is not' : 'higher score';
  const worse = header.binary ? 'not right where the other is' : 'lower score';
  const groups: Group[] = [
    {
      title: 'Rows',
      choices: [
        { show: { what: 'all' }, text: 'All rows' },
        { show: { what: 'differ' }, text: 'Arms disagree' },
      ],
    },
    {
      title: `Candidate ${better}`,
      choices: others.map(({ name, arm }) => ({ show: { what: 'won', arm }, text: `better than ${name}` })),
    },
    {
      title: `Candidate ${worse}`,
      choices: others.map(({ name, arm }) => ({ show: { what: 'lost', arm }, text: `worse than ${name}` })),
    },
    {
      title: 'Not right',
      choices: arms.map(({ name, arm }) => ({ show: { what: 'wrong', arm }, text: `not right: ${name}` })),
    },
    { title: 'Unreadable', choices: withAny(arms, 'unreadable', 'unreadable') },
    { title: 'Errors and refusals', choices: withAny(arms, 'missing', 'no answer') },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

function withAny(
  arms: readonly { readonly name: string; readonly arm: number }[],
  what: 'unreadable' | 'missing',
  word: string,
): Group['choices'] {
  return [
    { show: { what, arm: null }, text: `${word}: any arm` },
    ...arms.map(({ name, arm }) => ({ show: { what, arm }, text: `${word}: ${name}` })),
  ];
}

/** Every choice with its number of rows; one that holds none cannot be chosen. */
function showSelect(data: RowsData): HTMLSelectElement {
  const select = element('select', { id: 'rows-show' });
  let value = 0;
  for (const { title, choices } of groupsOf(data)) {
    const group = element('optgroup', { label: title });
    for (const { show, text } of choices) {
      const count = countRows(data, show);
      const option = element('option', { value: String(value) }, `${text} (${count.toLocaleString('en')})`);
      option.disabled = count === 0;
      group.append(option);
      value += 1;
    }
    select.append(group);
  }
  return select;
}

function sliceSelect(data: RowsData, slice: number): HTMLSelectElement {
  const select = element('select', { id: `rows-slice-${slice}` }, element('option', { value: '' }, 'any'));
  const values = data.header.slices[slice]?.values ?? [];
  const counts = values.map(() => 0);
  for (const value of data.column(`slice${slice}`) ?? []) {
    counts[value] = (counts[value] ?? 0) + 1;
  }
  values.forEach((value, position) => {
    const count = (counts[position] ?? 0).toLocaleString('en');
    select.append(element('option', { value: String(position) }, `${value === '' ? '(none)' : value} (${count})`));
  });
  return select;
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('label', { for: field.id }, text), field);
}
