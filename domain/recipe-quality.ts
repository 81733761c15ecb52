// The recipe's `dataset.curate` blocks that judge a row by its own text: quality rules and language.
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const qualitySchema = z
  .strictObject({
    min_input_words: z.int().nonnegative().default(0).describe('Shorter inputs are dropped (`too_short`).'),
    max_output_chars: z.int().positive().default(20_000).describe('Longer answers are dropped (`output_too_long`).'),
    max_repetition: share
      .default(1)
      .describe('Largest part of an input’s characters within word 3-grams that repeat (`repetitive`); 1 allows all.'),
    max_symbols: share
      .default(1)
      .describe('Largest part of characters that are neither letters, digits nor spaces (`symbols`); 1 allows all.'),
    boilerplate: z
      .array(z.string().min(1))
      .default([])
      .describe('Regular expressions; an input that one of them finds is dropped (`boilerplate`).'),
  })
  .describe('Rules for the quality of a row. Unless it is set, only `max_output_chars` drops anything.');
export type QualityRecipe = z.infer<typeof qualitySchema>;

export const languageSchema = z
  .strictObject({
    allow: z
      .array(z.string().regex(/^[a-z]{2}$/u))
      .min(1)
      .describe('ISO 639-1 codes of the languages that are kept.'),
    min_chars: z.int().positive().default(40).describe('Shorter inputs are kept: their language cannot be told.'),
  })
  .describe('Drops inputs in other languages (`wrong_language`).');
export type LanguageRecipe = z.infer<typeof languageSchema>;
