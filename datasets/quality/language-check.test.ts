import { describe, expect, it } from 'vitest';
import { createLanguageCheck } from './language-check.ts';

const english = await createLanguageCheck({ allow: ['en'], min_chars: 40 });

describe('the language check', () => {
  it('drops a text that is plainly in another language, and says in which', () => {
    const german = 'Ich warte seit zwei Wochen auf meine neue Karte und habe noch keine Nachricht erhalten.';
    expect(english(german)).toEqual({ rule: 'wrong_language', detail: 'de' });
    expect(english('I have been waiting for my new card for two weeks without any message.')).toBeUndefined();
  });

  it('keeps what is too short to tell, and what is no language', () => {
    expect(english('Ich warte auf meine Karte')).toBeUndefined();
    expect(english('8471 2209 3318 4470 0921 5553 1180 2947 6610 3321')).toBeUndefined();
  });

  it('refuses a language that it cannot tell, and names those that it can', async () => {
    await expect(createLanguageCheck({ allow: ['en', 'ga'], min_chars: 40 })).rejects.toThrow(
      expect.objectContaining({ message: 'no language detector for ga', hint: expect.stringContaining('en, es') }),
    );
  });
});
