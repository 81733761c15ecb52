// The gate's policy from flags and from a file.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { BadInput } from '../domain/bad-input.ts';
import { gateSchema, type GateRecipe } from '../domain/recipe-gate.ts';

/** Flags as commander gives them: texts. */
export interface PolicyFlags {
  readonly metric?: string;
  readonly rule?: string;
  readonly margin?: string;
  readonly confidence?: string;
  readonly cluster?: string;
  readonly minRows?: string;
}

export function addPolicyFlags(command: Command): Command {
  return command
    .option('--metric <name>', 'metric that decides')
    .option('--rule <rule>', 'non_inferior or superior')
    .option('--margin <share>', 'how much worse still counts as not worse, for example 0.03')
    .option('--confidence <share>', 'confidence of the two-sided interval, for example 0.95')
    .option('--cluster <field>', 'what makes rows dependent')
    .option('--min-rows <n>', 'fewer rows than this hold the verdict');
}

/** The settings that flags name, over what is there. Throws BadInput that names the flag or the field. */
export function policyOf(flags: PolicyFlags, base: object, where = 'the policy'): GateRecipe {
  const given = {
    metric: flags.metric,
    rule: flags.rule,
    margin: numberOf(flags.margin, '--margin'),
    confidence: numberOf(flags.confidence, '--confidence'),
    cluster: flags.cluster,
    min_rows: numberOf(flags.minRows, '--min-rows'),
  };
  const flagged = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = gateSchema.safeParse({ ...base, ...flagged });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    const flag = Object.hasOwn(flagged, field) ? `--${field.replaceAll('_', '-')}` : where;
    throw new BadInput(`${field === '' ? '' : `${field}: `}${issue?.message ?? 'not valid'}`, {
      where: flag,
      hint: 'docs/recipe.md lists every field of `gate`',
    });
  }
  return parsed.data;
}

/** The `gate` block of a recipe, or a file that is nothing but such a block. */
export async function readPolicyFile(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new BadInput('the policy cannot be read', { where: path, cause: error });
  });
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new BadInput('not valid YAML', { where: path, cause: error });
  }
  const policy: unknown =
    typeof value === 'object' && value !== null && 'gate' in value && !Array.isArray(value) ? value.gate : value;
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw new BadInput('there is no policy in the file', {
      where: path,
      hint: 'give a recipe with a gate block, or a file with the fields of one, for example `margin: 0.02`',
    });
  }
  return policy;
}

function numberOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) {
    throw new BadInput(`"${text}" is no number`, { where: flag });
  }
  return value;
}
