// Where the command line writes, and how: results on stdout, everything else on stderr.
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

export interface Terminal {
  /** Machine-readable output was asked for. */
  readonly json: boolean;
  /** A person looks on: colours and redrawing are welcome. */
  readonly interactive: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** The command's result. */
  result(text: string): void;
  /** Progress and remarks; silent with --json. */
  say(text: string): void;
  /** Problems. */
  complain(text: string): void;
}

export function createTerminal(options: { readonly json: boolean }): Terminal {
  const interactive = isTerminal(process.stderr) && !options.json;
  return {
    json: options.json,
    interactive,
    colors: pc.createColors(interactive && pc.isColorSupported),
    // Results may go to a file while a person watches stderr.
    result: (text) => void process.stdout.write(`${options.json ? text : forStdout(text)}\n`),
    say: (text) => {
      if (!options.json) {
        process.stderr.write(`${clean(text)}\n`);
      }
    },
    complain: (text) => void process.stderr.write(`${clean(text)}\n`),
  };
}

/** `isTTY` is absent, not false, where there is no terminal; createColors would take that as "decide yourself". */
function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY ?? false;
}

function forStdout(text: string): string {
  return isTerminal(process.stdout) ? clean(text) : clean(stripVTControlCharacters(text));
}

/**
 * Drops control characters that texts from elsewhere could carry to the terminal (CWE-150), all but tab, line feed
 * and our own colours.
 */
export function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/(?!\u001B\[\d{1,3}m)[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu, '');
}
