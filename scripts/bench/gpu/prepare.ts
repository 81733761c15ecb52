// Writes what scripts/bench/gpu/run.py needs on a machine without a network: rows, and the tokenizer of the demo's base.
// node scripts/bench/gpu/prepare.ts FOLDER
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base, recipeRows, sizedRows, type BenchRow } from '../demo-rows.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('bench: name the folder to write');
  process.exit(2);
}

/** Rows of the demo with one word as the answer; lists of about 300 tokens, half of them learnt; and of about 1,500. */
const rows: Record<string, BenchRow[]> = {
  short: recipeRows(640, 'Name the ICD-10-CM chapter.'),
  long: sizedRows(256, 12, 12),
  longest: sizedRows(32, 60, 60),
};
/** What makes a tokenizer, without the weights beside it. */
const tokenizer = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'];

await mkdir(folder, { recursive: true });
for (const [name, list] of Object.entries(rows)) {
  await writeFile(join(folder, `${name}.jsonl`), list.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
for (const file of tokenizer) {
  await copyFile(join(base, file), join(folder, file));
}
