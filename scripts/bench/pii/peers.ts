// Runs the Python sides: Presidio's pattern recognizers over texts, and Faker's values.
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { PiiFinding } from '../../../datasets/pii/finding.ts';
import { typeOfEntity, utf16Places } from '../../../datasets/pii/text-analyzer.ts';
import { packageRoot } from '../../../infra/settings.ts';

const folder = join(packageRoot, 'scripts', 'bench', 'pii');
const rowSchema = z.array(z.tuple([z.string(), z.int(), z.int(), z.number()]));
const valueSchema = z.strictObject({ type: z.string(), kind: z.string(), cue: z.string(), value: z.string() });
export type FakerValue = z.infer<typeof valueSchema>;

export interface PresidioScan {
  /** By text; with the score that Presidio gives each. */
  readonly findings: (PiiFinding & { readonly score: number })[][];
  /** Of the scan alone, without the start. */
  readonly seconds: number;
}

export async function presidioScan(
  python: string,
  texts: readonly string[],
  regions: readonly string[],
): Promise<PresidioScan> {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const args = [join(folder, 'presidio_scan.py'), JSON.stringify(regions)];
  const { stdout } = await execa(python, args, { input, maxBuffer: 2 ** 28 });
  const lines = stdout.split('\n').filter((line) => line.startsWith('[') || /^\d/u.test(line));
  const seconds = z.number().parse(JSON.parse(lines.pop() ?? 'null'));
  const findings = lines.map((line, index) => {
    const place = utf16Places(texts[index] ?? '');
    return rowSchema.parse(JSON.parse(line)).map(([entity, start, end, score]) => ({
      type: typeOfEntity(entity),
      start: place(start),
      end: place(end),
      score,
    }));
  });
  if (findings.length !== texts.length) {
    throw new Error(`presidio_scan.py answered for ${findings.length} of ${texts.length} texts`);
  }
  return { findings, seconds };
}

export async function fakerValues(python: string, seed: number): Promise<FakerValue[]> {
  const { stdout } = await execa(python, [join(folder, 'faker_values.py'), String(seed)]);
  return stdout.split('\n').map((line) => valueSchema.parse(JSON.parse(line)));
}
