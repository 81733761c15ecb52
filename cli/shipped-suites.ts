// The suites that come with Contender, by name.
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { suiteFileSchema, type SuiteFile } from '../domain/suite-file.ts';
import { packageRoot } from '../infra/settings.ts';
import { checkedValue, readYamlFile } from './yaml-file.ts';

const folder = join(packageRoot, 'evals', 'suites');

export interface ShippedSuite {
  /** From the current folder, so that it can be given to other commands. */
  readonly path: string;
  readonly file: SuiteFile;
}

/** Every suite that is shipped, in the order of their names; their rows are not read. */
export async function shippedSuites(): Promise<ShippedSuite[]> {
  const names = (await shippedNames()).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const path = shown(fileOf(name));
      const yaml = await readYamlFile(path, { what: 'suite', schema: suiteFileSchema, hint: '' });
      return { path, file: checkedValue(yaml, suiteFileSchema, '') };
    }),
  );
}

/** The path of a suite: that of the shipped one of this name, else what was given. */
export async function suitePath(nameOrPath: string): Promise<string> {
  return (await shippedNames()).includes(nameOrPath) ? shown(fileOf(nameOrPath)) : nameOrPath;
}

async function shippedNames(): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function fileOf(name: string): string {
  return join(folder, name, 'suite.yaml');
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
