// What every command gets: terminal, settings, and one place that turns errors into words and exit codes.
import type { Command } from 'commander';
import { loadSettings, type Settings } from '../infra/settings.ts';
import { openStore } from '../registry/open-store.ts';
import type { ObjectStore } from '../registry/store.ts';
import type { ExitCode } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { placeOf } from './store-place.ts';
import { createTerminal, type Terminal } from './terminal.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly store: ObjectStore;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly store?: string;
}

const shownLogLines = 12;

/** Runs a command's body; its exit code becomes the process's. */
export async function runCommand(
  command: Command,
  body: (context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const terminal = createTerminal({ json: options.json === true });
  let store: ObjectStore | undefined;
  try {
    const settings = loadSettings({ store: options.store });
    store = await openStore(settings.store);
    process.exitCode = await body({ terminal, settings, store });
  } catch (error) {
    process.exitCode = await report(error, terminal, store, options.debug === true);
  }
}

async function report(
  error: unknown,
  terminal: Terminal,
  store: ObjectStore | undefined,
  debug: boolean,
): Promise<ExitCode> {
  const { message, where, hint, logKey, exitCode } = await explainError(error);
  const log = logKey === undefined || store === undefined ? undefined : await lastLines(store, logKey);
  if (terminal.json) {
    terminal.result(JSON.stringify({ error: { message, where, hint, log: log?.path, exitCode } }));
    return exitCode;
  }
  const { red, dim } = terminal.colors;
  terminal.complain(`${red('error:')} ${where === undefined ? '' : `${where}: `}${message}`);
  if (log !== undefined) {
    terminal.complain(
      `${log.lines.map((line) => dim(`  | ${line}`)).join('\n')}\n${dim(`  the full log: ${log.path}`)}`,
    );
  }
  if (hint !== undefined) {
    terminal.complain(`${dim('hint:')} ${hint}`);
  }
  if (debug && error instanceof Error) {
    terminal.complain(error.stack ?? '');
  }
  return exitCode;
}

async function lastLines(store: ObjectStore, key: string): Promise<{ lines: string[]; path: string }> {
  const bytes = await store.get(key).catch(() => undefined);
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  return { lines: lines.slice(-shownLogLines), path: placeOf(store, key) };
}
