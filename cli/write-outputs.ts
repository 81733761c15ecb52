// `--junit FILE` and `--markdown FILE`: a verdict for CI servers and for comments on pull requests.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import type { Scorecard } from '../domain/scorecard.ts';
import type { Verdict } from '../domain/verdict.ts';
import { junitXml } from '../evals/output/junit.ts';
import { verdictMarkdown } from '../evals/output/markdown.ts';
import type { Terminal } from './terminal.ts';

export interface OutputFlags {
  readonly junit?: string;
  readonly markdown?: string;
}

/** What is written. */
export interface Decided {
  readonly verdict: Verdict;
  readonly scorecards: readonly Scorecard[];
  /** Names the contest, for example the recipe. */
  readonly title: string;
}

export function addOutputFlags(command: Command): Command {
  return command
    .option('--junit <file>', 'also write the verdict as JUnit XML')
    .option('--markdown <file>', 'also write the verdict as Markdown');
}

/** Writes the files that flags ask for, with the folders they lie in. Throws BadInput when one cannot be written. */
export async function writeOutputs(
  flags: OutputFlags,
  { verdict, scorecards, title }: Decided,
  terminal: Terminal,
): Promise<void> {
  const files = [
    { flag: '--junit', path: flags.junit, text: () => junitXml(verdict, title) },
    { flag: '--markdown', path: flags.markdown, text: () => verdictMarkdown(verdict, scorecards, title) },
  ];
  for (const { flag, path, text } of files) {
    if (path !== undefined) {
      await writeOutput(path, text(), flag);
      terminal.say(terminal.colors.dim(`wrote ${path}`));
    }
  }
}

export async function writeOutput(path: string, text: string, flag: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new BadInput(`${path} cannot be written (${code})`, { where: flag, cause: error });
  }
}
