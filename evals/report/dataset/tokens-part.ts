// How long rows are in tokens of the base, which are too long, and what packing saves.
import { splitNames } from '../../../domain/split-names.ts';
import type { TokenStatistics } from '../../../domain/token-statistics.ts';
import { figure } from '../figure.ts';
import { percent, whole } from '../format.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { lengthsPlot } from '../plots/lengths-plot.ts';
import { type SplitBar } from '../plots/split-scale.ts';
import { table } from '../table.ts';
import { fact } from '../verdict-section.ts';

/** Nothing where nobody counted. */
export async function tokensPart(tokens: TokenStatistics | null): Promise<Html | null> {
  if (tokens === null) {
    return null;
  }
  const { base, how, settings, splits, of } = tokens;
  const counted = splitNames.flatMap((name) => {
    const split = splits[name];
    return split === undefined ? [] : [{ name, split }];
  });
  const classes = new Set(counted.flatMap(({ split }) => split.whole.classes.map(({ up_to }) => up_to)));
  const bars = [...classes]
    .toSorted((left, right) => left - right)
    .flatMap((bound) =>
      counted.map(({ name, split }): SplitBar => {
        const rows = split.whole.classes.find(({ up_to }) => up_to === bound)?.rows ?? 0;
        return { name: `≤ ${whole(bound)}`, split: name, share: (100 * rows) / split.rows };
      }),
    );
  const rows = counted.flatMap(({ name, split }) =>
    (['prompt', 'answer', 'whole'] as const).map((text) => {
      const { shortest, median, p90, p99, longest } = split[text];
      return [`${name}, ${texts[text]}`, whole(shortest), whole(median), whole(p90), whole(p99), whole(longest)];
    }),
  );
  const medians = counted.map(({ name, split }) => `${name} ${whole(split.whole.median)}`).join(', ');
  const partly = counted.filter(({ name, split }) => split.rows < of[name]);
  return html`<h3>Tokens</h3>
    <p class="note">
      ${
        how === 'tokenizer'
          ? html`Counted by the tokenizer and chat template of ${base.name}, as training encodes rows.`
          : html`An estimate from characters: ${base.name} was not on the machine.`
      }
      ${partly.map(({ name, split }) => html` Of ${whole(of[name])} rows of ${name}, ${whole(split.rows)} were counted.`)}
    </p>
    ${await figure(
      `Tokens of whole rows by split; medians: ${medians}`,
      html`Whole rows by their tokens. The longest row may have ${whole(settings.sequence_len)}; longer ones are
      refused, never cut.`,
      (width) => lengthsPlot(bars, 'Tokens of the row', width),
    )}
    ${table(
      'Tokens of prompts, answers and whole rows',
      [
        { title: 'Text, in tokens' },
        ...['Shortest', 'Median', '90 %', '99 %', 'Longest'].map((title) => ({ title, numeric: true })),
      ],
      rows,
    )}
    ${forecast(tokens)}`;
}

const texts = { prompt: 'prompt', answer: 'answer', whole: 'both' } as const;

function forecast({ settings, splits, layout, stepsPerEpoch, steps }: TokenStatistics): Html {
  const longer = splitNames.flatMap((name) => {
    const found = splits[name]?.longer;
    return found === undefined || found.count === 0 ? [] : [`${whole(found.count)} of ${name}`];
  });
  const { micro_batch_size: rows, gradient_accumulation_steps: passes } = settings;
  return html`<dl class="facts">
    ${fact('Tokens of the training rows', whole(splits.train?.tokens ?? 0))}
    ${fact(`Rows of more than ${whole(settings.sequence_len)} tokens`, longer.length === 0 ? 'none' : longer.join(', '))}
    ${fact('Steps an epoch', `${whole(stepsPerEpoch)} of ${rows} × ${passes} rows, ${whole(steps)} in all`)}
    ${
      layout === undefined || layout.passes === 0
        ? null
        : html`${fact('Padding without packing', percent(1 - layout.tokens / layout.padded_places))}
          ${fact(
            'Packed',
            layout.packing
              ? `${whole(layout.packed_passes)} of ${whole(layout.passes)} passes, ${percent(1 - layout.places / layout.padded_places)} fewer token places`
              : 'no',
          )}`
    }
  </dl>`;
}
