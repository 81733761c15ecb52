import { describe, expect, test } from 'vitest';
import { html, markup, textOf } from './html.ts';

describe('the html template', () => {
  test('text cannot leave its place, in content or in a quoted attribute', () => {
    const hostile = `"><script>alert('x')</script>&\``;
    const found = textOf(html`<p title="${hostile}">${hostile}</p>`);
    expect(found).not.toContain('<script>');
    expect(found.match(/[<>]/gu)).toHaveLength(4);
    expect(found.match(/"/gu)).toHaveLength(2);
  });

  test('markup is nested as it is, lists are joined, nothing is printed for nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(textOf(html`<p>${items}${null}${undefined}${false}${0}</p>`)).toBe('<p><i>a</i><i>&lt;b&gt;</i>0</p>');
    expect(textOf(html`${markup('<hr>')}`)).toBe('<hr>');
  });

  test('control characters become visible, line feeds and tabs stay', () => {
    expect(textOf(html`${'a\u0000b\u001Bc\n\td\u007F'}`)).toBe('a␀b␛c\n\td⟦U+007F⟧');
  });

  test('bidirectional overrides and invisible characters are named', () => {
    expect(textOf(html`${'x\u202Ey\u2066z\u200B\uFEFF'}`)).toBe('x⟦U+202E⟧y⟦U+2066⟧z⟦U+200B⟧⟦U+FEFF⟧');
  });

  test('right-to-left letters, emoji with joiners and lone surrogates survive', () => {
    expect(textOf(html`${'שלום 👩‍🔬'}`)).toBe('שלום 👩‍🔬');
    expect(textOf(html`${'a\uD800b'}`)).toBe('a\uFFFDb');
  });
});
