// contender curate RECIPE: curates a recipe's dataset and stores it, without Temporal.
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import type { Recipe } from '../domain/recipe.ts';
import { storeCuration } from '../infra/store-curation.ts';
import { curateHere } from '../infra/curate-recipe.ts';
import { runCommand, type CommandContext } from './command.ts';
import { createCurateView } from './curate-view.ts';
import { curateReport } from './curate-report.ts';
import { curateSummary } from './dataset-text.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { storeTokensOf } from './dataset-tokens.ts';
import { distilledText } from './distilled-text.ts';
import { loadDataset, type LoadedDataset } from './load-dataset.ts';
import { withReferences } from './reference-texts.ts';
import { placeOf } from './store-place.ts';

interface CurateOptions {
  readonly threads?: string;
  readonly tokens?: boolean;
}

export function addCurateCommand(program: Command): void {
  program
    .command('curate')
    .description('curate the dataset of a recipe and store it as a dataset version; needs no services')
    .argument('<recipe>', 'recipe file, or a file with name and dataset alone')
    .option('--threads <n>', 'worker threads; as many as there are cores when absent, 0 for none')
    .option('--tokens', 'count tokens by the recipe’s base and show what its training settings make of them')
    .action(async (path: string, options: CurateOptions, self: Command) => {
      await runCommand(self, (context) => curateCommand(context, path, options));
    });
}

async function curateCommand(
  { terminal, settings, store }: CommandContext,
  path: string,
  options: CurateOptions,
): Promise<ExitCode> {
  const threads = threadsOf(options.threads);
  const job = await loadDataset(path);
  const recipe = options.tokens === true ? requireRecipe(job) : undefined;
  let stored = false;
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const view = createCurateView(terminal);
  const started = performance.now();
  try {
    const curation = await curateHere(settings, store, withReferences(job, store), {
      threads,
      signal: stop.signal,
      onProgress: (progress) => view.show(progress),
      onAnswer: ({ distill }, answers) => view.showAnswers(distill.teacher.model, answers),
      onDistilled: (report) => terminal.say(distilledText(report.figures)),
    });
    view.close();
    try {
      const seconds = (performance.now() - started) / 1000;
      const { manifest } = await storeCuration(store, curation, seconds);
      stored = true;
      const tokens =
        recipe === undefined
          ? undefined
          : await storeTokensOf({ settings, store }, { path, recipe, manifest, signal: stop.signal });
      const report = curateReport(manifest, placeOf(store, `datasets/${manifest.name}/${manifest.version}/card.md`), {
        seconds,
        remarks: curation.remarks,
        tokens: tokens?.statistics,
      });
      terminal.result(terminal.json ? JSON.stringify(report) : curateSummary(report, terminal));
      return exitCodes.done;
    } finally {
      await curation.remove();
    }
  } catch (error) {
    if (stop.signal.aborted) {
      terminal.complain(stored ? 'stopped; the dataset is stored, its tokens are not' : 'stopped; nothing was stored');
      return exitCodes.interrupted;
    }
    throw error;
  } finally {
    view.close();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function requireRecipe({ recipe, path }: LoadedDataset): Recipe {
  if (recipe === undefined) {
    throw new BadInput('tokens are counted for a base and its training settings, which this file does not have', {
      where: `${path}: --tokens`,
      hint: 'give a whole recipe, or leave `--tokens` out',
    });
  }
  return recipe;
}

function threadsOf(flag: string | undefined): number | undefined {
  const threads = flag === undefined ? undefined : Number(flag);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= 64)) {
    throw new BadInput(`"${flag}" is not a number of threads`, {
      where: '--threads',
      hint: 'give a whole number from 0 to 64',
    });
  }
  return threads;
}
