// A tagged template that escapes everything unless it is markup made by itself.
import { visible } from './visible.ts';

const made = Symbol('markup');

/** Markup that is safe to insert. Only `html` and `markup` make it. */
export interface Html {
  readonly [made]: string;
}

type Value = string | number | Html | null | undefined | false | readonly Value[];

/**
 * Markup from a template. Strings and numbers are escaped for text and for quoted attributes; `Html` goes in as it
 * is; lists are joined; null, undefined and false vanish.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return markup(parts.map((part, index) => part + render(values[index])).join(''));
}

/** Declares text to be markup. For constants and for the output of the plot library, never for anyone's data. */
export function markup(text: string): Html {
  return { [made]: text };
}

/** The text of finished markup. */
export function textOf(content: Html): string {
  return content[made];
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) {
    return '';
  }
  if (typeof value === 'string' || typeof value === 'number') {
    return escaped(String(value));
  }
  return made in value ? value[made] : value.map((item) => render(item)).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"'`]/gu, (character) => entities[character] ?? '');
}
