// Settings: flag > environment > contender.config.yaml > default, each with where its value came from.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { BadInput } from '../domain/bad-input.ts';

const fileSchema = z.strictObject({
  home: z.string().optional(),
  store: z.string().optional(),
  python: z.string().optional(),
  temporal_port: z.int().positive().optional(),
  temporal_ui_port: z.int().positive().optional(),
});

type SettingName = 'home' | 'store' | 'python' | 'temporalPort' | 'temporalUiPort';

export interface Setting {
  readonly value: string;
  readonly from: 'flag' | 'environment' | 'file' | 'default';
  /** The flag, variable or file that gave the value. */
  readonly source: string;
}

export interface Settings {
  /** Folder of services, models, jobs and the default object store. Absolute. */
  readonly home: string;
  /** Object store URI. */
  readonly store: string;
  /** Python with the trainer's requirements. */
  readonly python: string;
  /** Port of the development server that `up` starts, on 127.0.0.1. */
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  /** Every setting with its origin, for `doctor`. */
  readonly origins: Readonly<Record<SettingName, Setting>>;
  /** Environment for child processes and connection profiles. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The package's own folder: this file is infra/settings.ts, or dist/infra/settings.js. */
export const packageRoot = ((): string => {
  const here = dirname(dirname(fileURLToPath(import.meta.url)));
  return here.endsWith('/dist') ? dirname(here) : here;
})();

/** The only place that reads the process environment. Throws BadInput naming the variable or key. */
export function loadSettings(
  flags: { readonly store?: string | undefined } = {},
  environment = process.env,
  folder = process.cwd(),
): Settings {
  const file = readConfigFile(join(folder, 'contender.config.yaml'));
  function pick(variable: string, fromFile: string | number | undefined, fallback: string, flag?: string): Setting {
    const fromEnvironment = environment[variable];
    if (flag !== undefined) {
      return { value: flag, from: 'flag', source: '--store' };
    }
    if (fromEnvironment !== undefined && fromEnvironment !== '') {
      return { value: fromEnvironment, from: 'environment', source: variable };
    }
    return fromFile === undefined
      ? { value: fallback, from: 'default', source: '' }
      : { value: String(fromFile), from: 'file', source: 'contender.config.yaml' };
  }

  // Workers run elsewhere: a relative path must mean the same to them. URIs and names of programs stay as they are.
  function anchored(setting: Setting): Setting {
    const isPath = !/^[A-Za-z][A-Za-z0-9+.-]+:/u.test(setting.value) && /[/\\]/u.test(setting.value);
    return isPath ? { ...setting, value: resolve(folder, setting.value) } : setting;
  }

  const home = pick('CONTENDER_HOME', file.home, '.contender');
  const homeFolder = resolve(folder, home.value);
  const origins = {
    home: { ...home, value: homeFolder },
    store: anchored(pick('CONTENDER_STORE', file.store, pathToFileURL(join(homeFolder, 'store')).href, flags.store)),
    python: anchored(pick('CONTENDER_PYTHON', file.python, join(homeFolder, 'venv', 'bin', 'python'))),
    temporalPort: pick('CONTENDER_TEMPORAL_PORT', file.temporal_port, '7233'),
    temporalUiPort: pick('CONTENDER_TEMPORAL_UI_PORT', file.temporal_ui_port, '8233'),
  };
  return {
    home: homeFolder,
    store: origins.store.value,
    python: origins.python.value,
    temporalPort: port(origins.temporalPort),
    temporalUiPort: port(origins.temporalUiPort),
    origins,
    environment,
  };
}

function port(setting: Setting): number {
  const value = Number(setting.value);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new BadInput(`"${setting.value}" is not a port`, {
      where: setting.source,
      hint: 'use a number from 1 to 65535',
    });
  }
  return value;
}

function readConfigFile(path: string): z.infer<typeof fileSchema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return {};
    }
    throw new BadInput('the configuration file cannot be read', { where: path, cause: error });
  }
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    throw new BadInput(
      `not valid YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      { where: path },
    );
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new BadInput(issue?.message ?? 'invalid', {
      where: field === '' ? path : `${path}: ${field}`,
      hint: `known keys are ${Object.keys(fileSchema.shape).join(', ')}`,
    });
  }
  return parsed.data;
}
