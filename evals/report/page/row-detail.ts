// One row with all its texts side by side.
import { stateText } from './answer-state.ts';
import { element, writeMarked } from './element.ts';
import type { RowsData } from './rows-data.ts';

/** Fills the place with the row; the phrase is marked. */
export function showRow(place: HTMLElement, data: RowsData, row: number, phrase: string): void {
  const { header, text } = data;
  const refer = (name: string): string => text(data.column(name)?.[row] ?? 0);
  const slices = header.slices.map(({ name, values }, slice) => {
    const value = values[data.column(`slice${slice}`)?.[row] ?? 0] ?? '';
    return `${name}: ${value === '' ? '(none)' : value}`;
  });
  const number = (data.column('number')?.[row] ?? 0) + 1;
  const title = element(
    'h3',
    { tabindex: '-1', id: 'row-detail-title' },
    `Row ${number.toLocaleString('en')}`,
    ' ',
    element('code', {}, refer('id')),
  );
  const about = slices.length === 0 ? [] : [element('p', { class: 'note' }, slices.join(' · '))];
  place.replaceChildren(
    title,
    ...about,
    element(
      'div',
      { class: 'row-texts' },
      textBox('Input', refer('input'), phrase),
      textBox('Expected', refer('expected'), phrase),
    ),
    element('div', { class: 'row-texts' }, ...header.arms.map((_, arm) => answerBox(data, row, arm, phrase))),
  );
}

function answerBox(data: RowsData, row: number, arm: number, phrase: string): HTMLElement {
  const value = (name: string): number | undefined => data.column(`${name}${arm}`)?.[row];
  const refer = (name: string): string => data.text(value(name) ?? 0);
  const { sign, word, tone } = stateText(value('state') ?? -1);
  const score = data.header.binary ? '' : ` · ${data.header.metric} ${(value('score') ?? 0).toFixed(3)}`;
  const preference = value('preference') ?? Number.NaN;
  const box = textBox(data.header.arms[arm]?.label ?? '', refer('answer'), phrase);
  box.querySelector('h4')?.after(element('p', { class: tone }, `${sign} ${word}${score}`));
  const parts: [string, string][] = [
    ['Read as', refer('parsed')],
    ['Why there is no answer', refer('error')],
    ['Single answers', refer('repeats')],
  ];
  if (!Number.isNaN(preference)) {
    const winner = preference === 0 ? 'a tie' : preference > 0 ? 'the candidate' : 'this answer';
    box.append(element('p', { class: 'note' }, `Judges: ${winner} (${preference.toFixed(2).replace('-', '−')})`));
  }
  for (const [title, text] of parts) {
    if (text !== '') {
      box.append(element('p', { class: 'note' }, `${title}:`), pre(text, phrase));
    }
  }
  box.append(element('p', { class: 'note' }, numbersOf(value, refer('finish')).join(' · ')));
  return box;
}

function numbersOf(value: (name: string) => number | undefined, finish: string): string[] {
  const first = value('first') ?? Number.NaN;
  const cost = value('cost') ?? Number.NaN;
  // 0 where it was not measured.
  const latency = value('latency') ?? 0;
  return [
    ...(latency === 0 ? [] : [`${latency.toLocaleString('en')} ms`]),
    ...(Number.isNaN(first) ? [] : [`first token after ${Math.round(first).toLocaleString('en')} ms`]),
    `${value('in') ?? 0} tokens in, ${value('out') ?? 0} out`,
    Number.isNaN(cost) ? 'cost not known' : `$${Number(cost.toPrecision(3))}`,
    `finish: ${finish}`,
  ];
}

function textBox(title: string, text: string, phrase: string): HTMLElement {
  const box = element('div', { class: 'text-box' }, element('h4', {}, title));
  box.append(text === '' ? element('p', { class: 'note' }, '(no text)') : pre(text, phrase));
  return box;
}

/** Scrolls by itself when it is long, and can be reached by key for that. */
function pre(text: string, phrase: string): HTMLElement {
  const made = element('pre', { class: 'text', dir: 'auto', ...(text.length > 600 ? { tabindex: '0' } : {}) });
  writeMarked(made, text, phrase);
  return made;
}
