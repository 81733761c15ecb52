// What the data card says of tokens: how long rows are for a base, which are too long, what packing saves.
import { splitNames } from '../../domain/split-names.ts';
import type { TokenLayout, TokenStatistics } from '../../domain/token-statistics.ts';
import { table } from './markdown-table.ts';

/** Headings and texts for one base and its settings, to be joined by empty lines. */
export function tokenParts(tokens: TokenStatistics): string[] {
  const { base, how, settings, splits, of, layout, stepsPerEpoch, steps } = tokens;
  const counted = splitNames.flatMap((name) => {
    const split = splits[name];
    return split === undefined ? [] : [{ name, split }];
  });
  const by =
    how === 'tokenizer'
      ? `Counted by the tokenizer and chat template of ${base.name}, as training encodes rows.`
      : `An estimate from characters: ${base.name} is not on this machine.`;
  const sampled = counted.filter(({ name, split }) => split.rows < of[name]);
  const longer = counted.filter(({ split }) => split.longer.count > 0);
  return [
    '## Tokens',
    `${by}${sampled.length === 0 ? '' : ` ${sampled.map(({ name, split }) => `Of the ${of[name]} rows of ${name}, ${split.rows} were counted`).join('. ')}.`}`,
    table(
      ['split', 'text', 'shortest', 'median', '90 %', '99 %', 'longest'],
      counted.flatMap(({ name, split }) =>
        (['prompt', 'answer', 'whole'] as const).map((text) => {
          const { shortest, median, p90, p99, longest } = split[text];
          return [name, text, shortest, median, p90, p99, longest];
        }),
      ),
    ),
    longer.length === 0
      ? `No row is longer than sequence_len ${settings.sequence_len}.`
      : `Rows longer than sequence_len ${settings.sequence_len}, which training refuses: ${longer
          .map(({ name, split }) => `${split.longer.count} of ${name} (${split.longer.ids.join(', ')})`)
          .join('; ')}.`,
    `${stepsPerEpoch} steps an epoch of ${settings.micro_batch_size} × ${settings.gradient_accumulation_steps} rows, ${steps} in all.`,
    ...(layout === undefined || layout.passes === 0 ? [] : [layoutText(layout)]),
  ];
}

function layoutText({ packing, rows, passes, packed_passes, tokens, padded_places, places }: TokenLayout): string {
  const padding = `Padded, ${passes} forward passes of ${rows} rows take ${padded_places} token places for ${tokens} tokens: ${share(1 - tokens / padded_places)} padding.`;
  return packing
    ? `${padding} Packed, ${packed_passes} of them put their rows on one line; all then take ${places} places, ${share(1 - places / padded_places)} fewer, since what prompts have in common stands there once.`
    : `${padding} Rows are not packed.`;
}

function share(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
