// Keeps the sources within the layout: who may import whom, and what stands in no file.
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, folders, importsOf, readSources, type Import } from './source-imports.ts';

const sources = await readSources();
const imports = sources.flatMap((source) => importsOf(source));
const ours = imports.filter(({ to }) => folders.includes(folderOf(to)) || to.startsWith('tests/'));

/** Files that import nothing, so that workflows may use their values. */
const plainValues = ['domain/names.ts', 'domain/failures.ts', 'domain/shard-window.ts'];

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const shown = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('the imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(300);
    expect(ours.map(shown)).toContain('cli/run.ts imports infra/services.ts');
    expect(ours.some(({ typeOnly }) => typeOnly)).toBe(true);
  });

  it.each([
    ['domain', ['domain']],
    ['datasets', ['domain', 'datasets']],
    ['evals', ['domain', 'evals']],
    ['registry', ['domain', 'registry']],
    ['activities', ['domain', 'datasets', 'evals', 'registry', 'activities']],
    ['workflows', ['domain', 'activities', 'workflows']],
    ['infra', ['domain', 'datasets', 'evals', 'registry', 'activities', 'infra']],
    ['cli', ['domain', 'datasets', 'evals', 'registry', 'workflows', 'infra', 'cli']],
    ['scripts', folders],
  ])('of %s stay within %j', (folder, allowed) => {
    const strays = ours.filter(({ from, to }) => folderOf(from) === folder && !allowed.includes(folderOf(to)));
    expect(strays.map(shown)).toEqual([]);
  });

  it('of workflows from activities are types', () => {
    const strays = ours.filter(
      ({ from, to, typeOnly }) => folderOf(from) === 'workflows' && folderOf(to) === 'activities' && !typeOnly,
    );
    expect(strays.map(shown)).toEqual([]);
  });

  it('of values into workflows come from workflows, files that import nothing and Temporal alone', () => {
    const allowed = new Set([...plainValues, '@temporalio/workflow', '@temporalio/common']);
    const strays = imports.filter(
      ({ from, to, typeOnly }) =>
        folderOf(from) === 'workflows' &&
        !isTest(from) &&
        !typeOnly &&
        folderOf(to) !== 'workflows' &&
        !allowed.has(to),
    );
    expect(strays.map(shown)).toEqual([]);
  });

  it.each(plainValues)('of %s are none', (file) => {
    expect(imports.filter(({ from }) => from === file)).toEqual([]);
  });

  it('of cli from workflows are types', () => {
    const strays = ours.filter(
      ({ from, to, typeOnly }) => folderOf(from) === 'cli' && folderOf(to) === 'workflows' && !typeOnly,
    );
    expect(strays.map(shown)).toEqual([]);
  });

  it('of tests and their fixtures stay out of what is shipped', () => {
    const support = /(?:^tests\/|synthetic|\.test\.ts$|local-endpoint|store-contract|s3-server)/u;
    const strays = ours.filter(
      // Benchmarks measure on the same generated data, and are not shipped either.
      ({ from, to }) => support.test(to) && !support.test(from) && !from.startsWith('scripts/bench/'),
    );
    expect(strays.map(shown)).toEqual([]);
  });
});

/** Files whose code matches, but for those that may. */
function filesWith(pattern: RegExp, allowed: readonly string[] = []): string[] {
  return sources.flatMap(({ path, code }) => (pattern.test(code) && !allowed.includes(path) ? [path] : []));
}

describe('no source file', () => {
  it('reads the environment, but for the settings and the allow-list of child processes', () => {
    const allowed = ['infra/settings.ts', 'activities/launch/process.ts', 'registry/s3-server.ts'];
    const strays = filesWith(/\bprocess\s*(?:\.env\b|\[)|\benv\b[^'"`]*\bfrom 'node:process'/u, allowed);
    expect(strays.filter((path) => folderOf(path) !== 'scripts' && !isTest(path))).toEqual([]);
  });

  it('runs a shell string', () => {
    expect(
      filesWith(
        /\bshell:\s*(?!false)|\bexec(?:Sync)?\b[^;]*from 'node:child_process'|\bexecaCommand|\bexeca`|\{[^}]*\$[^}]*\} from 'execa'/u,
      ),
    ).toEqual([]);
  });

  it('has a default export', () => {
    expect(filesWith(/^export default\b|\bas default\b/mu)).toEqual([]);
  });

  it('is named for what it gathers instead of what it does', () => {
    const vague = /^(?:utils?|helpers?|common|types|misc|lib|constants|shared)\.ts$/u;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  it('is longer than 300 lines, tests apart', () => {
    const long = sources.filter(({ path, text }) => !isTest(path) && text.split('\n').length > 301);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('says what it is for nowhere: the first line of all but tests is a comment', () => {
    const silent = sources.filter(({ path, text }) => !isTest(path) && !/^(?:#!.*\n)?\/\//u.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
