import { describe, expect, test } from 'vitest';
import { parseLabel } from './label.ts';

const labels = ['Diseases of the eye', 'Neoplasms', 'Factors (Z00-Z99)', 'Straße', 'Type I.'];

describe('reading a label', () => {
  test.each([
    ['as it is', 'Neoplasms', 'Neoplasms'],
    ['in other case', 'NEOPLASMS', 'Neoplasms'],
    ['with a full stop', 'Neoplasms.', 'Neoplasms'],
    ['with white space around', '  \n\n Neoplasms \n', 'Neoplasms'],
    ['in quotes', '"Neoplasms"', 'Neoplasms'],
    ['in typographic quotes', '“Neoplasms”.', 'Neoplasms'],
    ['in bold', '**Neoplasms**', 'Neoplasms'],
    ['as a heading', '## Neoplasms', 'Neoplasms'],
    ['as a list item', '- Neoplasms', 'Neoplasms'],
    ['as code', '`Neoplasms`', 'Neoplasms'],
    ['with an explanation below', 'Neoplasms\nBecause it is a tumour.', 'Neoplasms'],
    ['after a rule of Markdown', '***\nNeoplasms', 'Neoplasms'],
    ['with control and zero-width characters', '\u0007Neo\u200Bplasms\u0000', 'Neoplasms'],
    ['with a byte order mark', '\uFEFFNeoplasms', 'Neoplasms'],
    ['in full-width letters', 'Ｎｅｏｐｌａｓｍｓ', 'Neoplasms'],
    ['with uneven spaces', 'Diseases\tof  the\u00A0eye', 'Diseases of the eye'],
    ['with parentheses of its own', 'factors (z00-z99).', 'Factors (Z00-Z99)'],
    ['with folded letters', 'STRASSE', 'Straße'],
    ['without the punctuation of the label', 'type i', 'Type I.'],
  ])('finds a label %s', (_, answer, label) => {
    expect(parseLabel(answer, labels)).toBe(label);
  });

  test.each([
    ['an empty answer', ''],
    ['white space and control characters alone', ' \u0000\n\t '],
    ['a sentence around the label', 'The chapter is Neoplasms'],
    ['a part of the label', 'Neoplasm'],
    ['a typing error', 'Neoplsams'],
    ['two labels', 'Neoplasms, Diseases of the eye'],
    ['a label on the second line only', 'Let me think.\nNeoplasms'],
    ['another label', 'Fractures'],
  ])('reads nothing from %s', (_, answer) => {
    expect(parseLabel(answer, labels)).toBeNull();
  });

  test('labels that differ by case alone are told apart when verbatim and left unread otherwise', () => {
    expect(parseLabel('AIDS', ['AIDS', 'aids'])).toBe('AIDS');
    expect(parseLabel('Aids', ['AIDS', 'aids'])).toBeNull();
  });

  test('an answer of a million characters is read in well under a second', () => {
    expect(parseLabel('*'.repeat(1_000_000), labels)).toBeNull();
    expect(parseLabel(`x${'. '.repeat(20_000)}y`, labels)).toBeNull();
  }, 1000);
});
