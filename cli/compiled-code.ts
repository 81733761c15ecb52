// Compiled code of earlier starts: from sources, half of a short command's time is spent on reading TypeScript.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..', '.contender');

/** Where it lies: beside the sources that it belongs to, and not in CONTENDER_HOME. */
export const compiledCodeFolder = join(home, 'cache', 'compiled');

/**
 * What is imported from now on is compiled once. Does nothing before `npm run setup` has made its folder, and in the
 * built package, which holds JavaScript.
 */
export function keepCompiledCode(): void {
  if (existsSync(home)) {
    enableCompileCache(compiledCodeFolder);
  }
}
