// Generates the script of the report's page from evals/report/page/, so that the report needs no file at run time.
//
//   node scripts/report-page.ts
import { readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../infra/settings.ts';

const entry = 'evals/report/page/main.ts';
const generatedFile = 'evals/report/page-script.ts';

/** The generated file by its path in the repository. */
export async function generatedPageScript(): Promise<readonly [string, string]> {
  const modules = await modulesOf(entry);
  const joined = modules.map(({ code }) => code).join('\n');
  // Comments stay with the sources; each report would carry them.
  const bare = joined.replaceAll(/^\s*\/\/.*$|\/\*\*[\s\S]*?\*\//gmu, '');
  const settings = { ...(await resolveConfig(join(packageRoot, generatedFile))), filepath: generatedFile };
  const script = await format(bare, { ...settings, parser: 'babel' });
  if (/<\/script|<!--/iu.test(script)) {
    throw new Error('the script of the page holds text that would end it');
  }
  // One long line: nobody is to read or to change it here.
  const text = `// Generated from page/ by scripts/report-page.ts: change it there.\n\n/** The script of the report's page, a module without imports. */\nexport const pageScript = ${JSON.stringify(script)};\n`;
  return [generatedFile, await format(text, { ...settings, parser: 'typescript' })];
}

interface Module {
  readonly path: string;
  readonly code: string;
}

/** The module after all that it imports, each once: joined, they are one module with the names of all. */
async function modulesOf(path: string, seen = new Set<string>()): Promise<Module[]> {
  if (seen.has(path)) {
    return [];
  }
  seen.add(path);
  const plain = stripTypeScriptTypes(await readFile(join(packageRoot, path), 'utf8'));
  const found: Module[] = [];
  for (const [, from = ''] of plain.matchAll(/^import [^;]*? from '([^']+)';$/gmu)) {
    found.push(...(await modulesOf(posix.join(dirname(path), from), seen)));
  }
  const code = plain.replaceAll(/^import [^;]*? from '[^']+';$/gmu, '').replaceAll(/^export (?=[a-z])/gmu, '');
  return [...found, { path, code }];
}

if (import.meta.main) {
  const [path, text] = await generatedPageScript();
  await writeFile(join(packageRoot, path), text);
  console.error(`page: ${path}`);
}
