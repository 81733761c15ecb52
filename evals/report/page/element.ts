// Makes elements of the page; all text goes in as text and is never read as markup.
import { visible } from '../visible.ts';

type Child = Node | string;

/** An element with attributes and children; a string child becomes text, its invisible characters shown. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return made;
}

/** Replaces the children by the text, with every place that holds the phrase marked. */
export function writeMarked(target: HTMLElement, text: string, phrase: string): void {
  const shown = visible(text);
  const folded = shown.toLowerCase();
  const needle = phrase.toLowerCase();
  // A few letters change their length in lower case; places would then be wrong.
  if (needle === '' || folded.length !== shown.length || !folded.includes(needle)) {
    target.textContent = shown;
    return;
  }
  target.replaceChildren();
  let from = 0;
  for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, from)) {
    const mark = document.createElement('mark');
    mark.textContent = shown.slice(at, at + needle.length);
    target.append(shown.slice(from, at), mark);
    from = at + needle.length;
  }
  target.append(shown.slice(from));
}
