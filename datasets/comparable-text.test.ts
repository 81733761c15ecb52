// The form by which texts are compared.
import { describe, expect, it } from 'vitest';
import { comparable } from './comparable-text.ts';
import { randomFrom } from './synthetic-curation.ts';

describe('the comparable form', () => {
  it('of plain text, which takes a short way, is that of the long way', () => {
    const random = randomFrom(5);
    const pick = (letters: string): string => letters[Math.floor(random() * letters.length)] ?? '';
    for (let round = 0; round < 5000; round += 1) {
      const alphabet = random() < 0.5 ? 'aZ ~!' : 'aZ  \t\n\u00a0\u007f\u0000ßſK';
      const text = Array.from({ length: Math.floor(random() * 8) }, () => pick(alphabet)).join('');
      const long = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
      expect(comparable(text), JSON.stringify(text)).toBe(long.replaceAll(/\s+/gu, ' ').trim());
    }
  });
});
