// Texts for the speed of the scan: ordinary sentences with the numbers that such have, with and without findings.
import { syntheticPii } from '../../../datasets/pii/synthetic-pii.ts';
import { choicesFrom } from '../../../datasets/pii/synthetic-random.ts';

const words = `
the of and to in a is that for it as was with be by on not he his but at are this have from or had an
they which one you were all her she there would their we him been has when who will no more if out so up
said what its about than into them can only other time new some could these two may first then do any
like my now over such our man me even most made after also did many off before must well back through
years where much your way down should because long each just state people those too mister how little
good world make very year still see own work men day get here old life both between being under three
never know same last another while us might great go come since against right came take used himself few
house american use place during high without again home around small however found
`
  .trim()
  .split(/\s+/u);

/** Texts of about 400 characters, of so many megabytes in all. Every fourth sentence has a year, a price or a count. */
export function ordinaryTexts(seed: number, megabytes: number): string[] {
  const choose = choicesFrom(seed);
  const texts: string[] = [];
  for (let bytes = 0; bytes < megabytes * 1e6;) {
    let text = '';
    while (text.length < 400) {
      const sentence = Array.from({ length: 6 + choose.below(10) }, () => words[choose.below(words.length)]).join(' ');
      const number = choose.pick([
        '',
        '',
        '',
        choose.pick([' in 2021', ' for $12.50', ' of 1,200', ' on 3 May 2024', ' by 14 %']),
      ]);
      text += `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${number}. `;
    }
    texts.push(text);
    bytes += text.length;
  }
  return texts;
}

/** The same texts, each with one generated value or hard negative put into its middle. */
export function mixedTexts(seed: number, megabytes: number): string[] {
  const labelled = syntheticPii(seed, 100, 50);
  return ordinaryTexts(seed, megabytes).map((text, index) => {
    return `${text.slice(0, 200)} ${labelled[index % labelled.length]?.text ?? ''} ${text.slice(200)}`;
  });
}
