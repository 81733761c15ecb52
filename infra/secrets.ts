// Secrets by name: from a variable, or from the file that its …_FILE variable names.
import { readFileSync } from 'node:fs';
import { BadInput } from '../domain/bad-input.ts';
import { secretFileVariable } from '../domain/provider-keys.ts';

/**
 * The value of NAME, else the content of the file at NAME_FILE without the line break at its end; undefined when
 * neither is set. The file is read at every call, so that a rotated key is taken up. Throws BadInput, naming variable
 * and path, when the file cannot be read or holds nothing.
 */
export function secretOf(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') {
    return value;
  }
  const variable = secretFileVariable(name);
  const path = environment[variable];
  if (path === undefined || path === '') {
    return undefined;
  }
  const hint = `let ${variable} hold the path of a file, readable on the worker, with the key alone`;
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new BadInput(`the file ${path} cannot be read (${code})`, { where: variable, hint });
  }
  const secret = content.trimEnd();
  if (secret === '') {
    throw new BadInput(`the file ${path} is empty`, { where: variable, hint });
  }
  return secret;
}
