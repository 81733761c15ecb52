// Short documents of seeded random words, some of them near copies of earlier ones: what curation is measured on.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createRandom } from '../../../evals/statistics/random.ts';

export const documentShape = {
  words: [30, 90],
  vocabulary: 20_000,
  /** Part of the documents that repeat an earlier one with a few words replaced. */
  copies: 0.2,
  replaced: [0, 3],
  labels: 20,
  seed: 11,
} as const;

/** A copy repeats one of this many documents before it, which bounds the memory of a file of any size. */
const copiedFrom = 200_000;
const pieceChars = 1 << 20;

interface Document {
  readonly words: Uint16Array;
  readonly label: number;
}

/** The same documents for the same seed, without end. A copy keeps its label. */
export function* documents(seed: number = documentShape.seed): Generator<Document, never> {
  const random = createRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const between = ([least, most]: readonly [number, number]): number => least + below(most - least + 1);
  const earlier: Document[] = [];
  for (let number = 0; ; number += 1) {
    const copied = earlier.length > 0 && random() < documentShape.copies ? earlier[below(earlier.length)] : undefined;
    const words =
      copied === undefined
        ? Uint16Array.from({ length: between(documentShape.words) }, () => below(documentShape.vocabulary))
        : copied.words.slice();
    if (copied !== undefined) {
      for (let left = between(documentShape.replaced); left > 0; left -= 1) {
        words[below(words.length)] = below(documentShape.vocabulary);
      }
    }
    const document = { words, label: copied?.label ?? below(documentShape.labels) };
    earlier[number % copiedFrom] = document;
    yield document;
  }
}

export interface DocumentFile {
  readonly documents: number;
  readonly bytes: number;
}

/**
 * Writes documents as JSON Lines or CSV with the columns id, text and label, until there are as many or the file is as
 * large as asked for.
 */
export async function writeDocuments(
  path: string,
  {
    format,
    until,
    personal = false,
  }: {
    readonly format: 'jsonl' | 'csv';
    readonly until: Partial<DocumentFile>;
    /** Every fiftieth document ends with an address. */
    readonly personal?: boolean;
  },
): Promise<DocumentFile> {
  const file = createWriteStream(path);
  const { documents: most = Infinity, bytes: mostBytes = Infinity } = until;
  let text = format === 'csv' ? 'id,text,label\n' : '';
  let [written, bytes] = [0, 0];
  const flush = async (): Promise<void> => {
    bytes += text.length;
    const room = file.write(text, 'latin1');
    text = '';
    if (!room) {
      await once(file, 'drain');
    }
  };
  for (const { words, label } of documents()) {
    const address = personal && written % 50 === 0 ? ` write to ${vocabulary[words[0] ?? 0] ?? ''}@example.com` : '';
    const content = textOf(words) + address;
    text +=
      format === 'csv'
        ? `${written},${content},topic ${label}\n`
        : `{"id":"${written}","text":"${content}","label":"topic ${label}"}\n`;
    written += 1;
    const enough = written >= most || bytes + text.length >= mostBytes;
    if (enough || text.length >= pieceChars) {
      await flush();
    }
    if (enough) {
      break;
    }
  }
  file.end();
  await once(file, 'close');
  return { documents: written, bytes };
}

function textOf(words: Uint16Array): string {
  let text = '';
  for (const word of words) {
    text += `${text === '' ? '' : ' '}${vocabulary[word] ?? ''}`;
  }
  return text;
}

const vocabulary = inventedWords(documentShape.vocabulary);

/** Different words of 4 to 9 letters. */
function inventedWords(count: number): readonly string[] {
  const random = createRandom(3);
  const pick = (letters: string): string => letters[Math.floor(random() * letters.length)] ?? '';
  const words = new Set<string>();
  while (words.size < count) {
    const syllables = 2 + Math.floor(random() * 3);
    let word = '';
    for (let syllable = 0; syllable < syllables; syllable += 1) {
      word += pick('bcdfghjklmnprstvwz') + pick('aeiou');
    }
    words.add(word + (random() < 0.5 ? pick('lmnrst') : ''));
  }
  return [...words];
}
