// A tagged template that escapes everything unless it is markup made by itself.

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

/** Everything that is invisible or reorders its surroundings, but for line feed, tab and the two joiners. */
const invisible = /(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}\u2028\u2029\uFFFE\uFFFF]/gu;

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"'`]/gu, (character) => entities[character] ?? '');
}

/** Control characters as their pictures, format characters such as bidirectional overrides as their code points. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(invisible, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x20
        ? String.fromCodePoint(0x2400 + code)
        : `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`;
    });
}
