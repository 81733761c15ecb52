// Times the trainer beside TRL's SFTTrainer on the same rows, order and settings, in turns, and writes the comparison.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { TrainRecipe } from '../../domain/recipe-train.ts';
import { packageRoot } from '../../infra/settings.ts';
import { recipeRows, settings } from './demo-rows.ts';
import { inFolder, runTrainer, trainerConfig } from './run-trainer.ts';
import { trainingPage, type Side } from './training-page.ts';

const rounds = 3;
// TRL with packing takes the longest and is only for comparison.
const packedRounds = 1;
const rows = recipeRows(80, 'Name the ICD-10-CM chapter.');
// The demo's block; TRL has the same linear schedule, while the two cosines differ by one step.
const train: Partial<TrainRecipe> = {
  lora_r: 16,
  lora_alpha: 32,
  learning_rate: 5e-4,
  micro_batch_size: 8,
  sequence_len: 256,
  lr_scheduler: 'linear',
  warmup_ratio: 0,
};

const peerSchema = z.object({
  tokens: z.int(),
  seconds: z.number(),
  losses: z.array(z.number()),
  peak_memory_bytes: z.int(),
});

async function ours(): Promise<Side> {
  const { result, losses, stepSeconds } = await runTrainer(rows, train);
  const { tokens, peak_memory_bytes } = result;
  return { tokens, seconds: stepSeconds, losses: [...losses], peak_memory_bytes };
}

async function trl(packing: boolean): Promise<Side> {
  return inFolder(async (folder) => {
    const config = trainerConfig(folder, train);
    await writeFile(config.train_file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const script = join(packageRoot, 'scripts', 'bench', 'training_trl.py');
    const args = [script, '--config', join(folder, 'config.json'), ...(packing ? ['--packing'] : [])];
    const { stdout } = await execa(settings.python, args, { cwd: packageRoot, env: { PYTHONPATH: packageRoot } });
    return peerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  });
}

// Other work on the machine falls on whichever side has its turn, so how much there was goes into the report.
const load = [loadavg()[0] ?? Number.NaN];
const sides: Record<string, Side[]> = { contender: [], trl: [], 'trl packing': [] };
for (let round = 1; round <= rounds; round++) {
  const turns = {
    contender: ours,
    trl: () => trl(false),
    ...(round <= packedRounds && { 'trl packing': () => trl(true) }),
  };
  for (const [name, run] of Object.entries(turns)) {
    const side = await run();
    sides[name]?.push(side);
    load.push(loadavg()[0] ?? Number.NaN);
    console.error(`bench: round ${round}, ${name}: ${(side.tokens / side.seconds).toFixed(0)} tokens/s`);
  }
}

const code =
  'import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in ("torch", "transformers", "peft", "trl")}))';
const versions = z
  .record(z.string(), z.string())
  .parse(JSON.parse((await execa(settings.python, ['-c', code])).stdout));
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
const report = { machine, load, versions, rows: rows.length, train, rounds: sides };
const folder = join(packageRoot, 'docs', 'benchmarks');
await writeFile(join(folder, 'training.json'), `${JSON.stringify(report, null, 2)}\n`);
const page = join(folder, 'training.md');
await writeFile(page, trainingPage(report));
await execa('prettier', ['--write', page, join(folder, 'training.json')], { cwd: packageRoot, preferLocal: true });
