// The documentation says what the code does, as far as a test can tell.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../cli/program.ts';
import { recipeSchema } from '../../domain/recipe.ts';
import { variantsOf } from '../../domain/recipe-sweep.ts';
import { packageRoot } from '../../infra/settings.ts';
import { generatedDocs } from '../../scripts/docs.ts';

const foreign = new Set(['node_modules', '.git', '.contender', 'dist', 'coverage', '.pytest_cache', '.ruff_cache']);

async function read(path: string): Promise<string> {
  return await readFile(join(packageRoot, path), 'utf8');
}

/** Every Markdown file of the repository, by its path in it. */
async function markdownFiles(folder = packageRoot): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return foreign.has(entry.name) ? [] : await markdownFiles(path);
      }
      return entry.name.endsWith('.md') ? [relative(packageRoot, path)] : [];
    }),
  );
  return found.flat().toSorted();
}

/** Markdown without code, where brackets are no links. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})[\s\S]*?^\1$/gmu, '').replaceAll(/`[^`\n]*`/gu, 'code');
}

/** Anchors of the headings, as forges make them. */
function anchorsOf(markdown: string): string[] {
  const headings = markdown.replaceAll(/^(`{3,})[\s\S]*?^\1$/gmu, '').matchAll(/^#{1,6} (.+)$/gmu);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

async function isBroken(file: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  const text = await read(target).catch(async () =>
    (await readdir(join(packageRoot, target)).catch(() => undefined)) === undefined ? undefined : '',
  );
  return text === undefined || (anchor !== undefined && !anchorsOf(text).includes(anchor));
}

/** Commands that do something, by their full name: `run`, `route resolve`. */
function commandsOf(command: Command, name = ''): Map<string, Command> {
  if (command.commands.length === 0) {
    return new Map([[name, command]]);
  }
  return new Map(command.commands.flatMap((one) => [...commandsOf(one, `${name} ${one.name()}`.trim())]));
}

/** Sections of docs/cli.md that begin with a heading such as "### `contender route set <task> <model-version>`". */
async function documentedCommands(): Promise<Map<string, string>> {
  const sections = (await read('docs/cli.md')).split(/^(?=#{2,3} )/mu);
  return new Map(
    sections.flatMap((section) => {
      const [, usage] = /^#{2,3} `contender ([^`]+)`/u.exec(section) ?? [];
      return usage === undefined ? [] : [[usage.split(/ (?=[<[-])/u)[0] ?? '', section] as const];
    }),
  );
}

function flagsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => (long === null || long === undefined ? [] : [long])).toSorted();
}

describe('the documentation', () => {
  it('has a recipe reference and a JSON Schema that are those of the code', { timeout: 30_000 }, async () => {
    for (const [path, text] of await generatedDocs()) {
      expect(await read(path), `${path} is stale: run node scripts/docs.ts`).toBe(text);
    }
  });

  it('has a README of at most 150 lines', async () => {
    expect((await read('README.md')).trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('has a README whose recipe is valid', async () => {
    const [, recipe = ''] = /^```yaml\n([\s\S]*?)^```$/mu.exec(await read('README.md')) ?? [];
    for (const { draft } of variantsOf(parse(recipe))) {
      expect(recipeSchema.safeParse(draft).error).toBeUndefined();
    }
  });

  it('has no relative link that points nowhere', async () => {
    const broken: string[] = [];
    for (const file of await markdownFiles()) {
      const links = prose(await read(file)).matchAll(/\]\(([^)\s]+)\)/gu);
      for (const [, link = ''] of links) {
        if (!/^[a-z][a-z0-9+.-]*:/u.test(link) && (await isBroken(file, link))) {
          broken.push(`${file}: ${link}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('describes every command of the command line and no other', async () => {
    const documented = [...(await documentedCommands()).keys()].toSorted();
    expect(documented).toEqual([...commandsOf(await createProgram()).keys()].toSorted());
  });

  it('describes every flag of every command and no other', async () => {
    const program = await createProgram();
    const sections = await documentedCommands();
    const global = flagsOf(program);
    for (const [name, command] of commandsOf(program)) {
      const section = sections.get(name) ?? '';
      const named = [...section.matchAll(/`(--[a-z-]+)/gu)].map(([, flag = '']) => flag);
      const own = new Set(named.filter((flag) => !global.includes(flag)));
      expect([...own].toSorted(), `flags of contender ${name}`).toEqual(flagsOf(command));
    }
    const everywhere = await read('docs/cli.md');
    expect(global.filter((flag) => !everywhere.includes(`\`${flag}`))).toEqual([]);
  });
});
