// The recipe's `dataset.curate.pii`: personal data and secrets in the rows' texts.
import { z } from 'zod';

export const piiTypeSchema = z.enum([
  'email',
  'phone',
  'iban',
  'credit_card',
  'ssn',
  'national_id',
  'ip',
  'url_credentials',
  'api_key',
  'private_key',
  'medical_record',
]);
export type PiiType = z.infer<typeof piiTypeSchema>;

export const piiSchema = z
  .strictObject({
    action: z
      .enum(['redact', 'drop', 'pseudonym', 'report'])
      .default('redact')
      .describe(
        '`redact` puts [EMAIL] and the like in its place, `pseudonym` a code that is the same for the same value, `drop` drops the row, `report` counts only.',
      ),
    types: z.array(piiTypeSchema).min(1).optional().describe('What is looked for; everything when absent.'),
    patterns: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[a-z][a-z0-9_]{0,39}$/u)
            .describe('Name of the type, for counts and placeholders.'),
          pattern: z
            .string()
            .min(1)
            .max(1000)
            .describe(
              'Regular expression with Unicode rules. Without look-around and back references; `*` and `+` stop after 32 further repetitions, and what varies may not be repeated, so that no text holds up the work.',
            ),
        }),
      )
      .default([])
      .describe('Types of your own.'),
    phone_regions: z
      .array(z.string().regex(/^[A-Z]{2}$/u))
      .default(['US', 'GB', 'DE', 'FR'])
      .describe('Countries whose national phone numbers are known; numbers with + are known from everywhere.'),
    key: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/u)
      .default('CONTENDER_PII_KEY')
      .describe('Environment variable with the secret of pseudonyms, at least 16 characters.'),
    presidio: z
      .strictObject({
        url: z.url().describe('Address of the analyzer: its /analyze is asked.'),
        language: z.string().default('en').describe('Language of the texts.'),
        entities: z.array(z.string().min(1)).optional().describe('Entities that are asked for; all when absent.'),
        min_score: z
          .number()
          .min(0)
          .max(1)
          .default(0.4)
          .describe('Findings below are left alone; 0.4 is what Presidio gives a telephone number by itself.'),
        batch: z.int().min(1).max(1000).default(64).describe('Texts in one request at most.'),
      })
      .optional()
      .describe(
        'A Presidio-compatible analyzer that is asked too: texts leave this machine for its address. At most 4 requests are under way.',
      ),
  })
  .describe('Personal data and secrets in inputs and outputs.');
export type PiiRecipe = z.infer<typeof piiSchema>;
