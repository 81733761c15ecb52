// Settings that all tools of the comparison share.

/** Shingles of 5 words, 14 bands of 8 rows, similar from 0.8 up. */
export const bandSettings = { words: 5, bands: 14, rows: 8, threshold: 0.8 } as const;

/** What of the recipe's `curate` block the large files go through, beside the settings above. */
export const wholeCuration = {
  pii: { action: 'redact' },
  quality: { min_input_words: 3, max_repetition: 0.6, max_symbols: 0.3 },
} as const;
