// The statistics against scipy, statsmodels and scikit-learn, on random cases that reference.py makes anew in each run.
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadSettings, packageRoot } from '../../infra/settings.ts';
import { differences } from './found.ts';

/** Another seed gives other cases; a failure names its own. */
const seed = 20_261_125;
const leastCases = 2000;

const settings = loadSettings({}, process.env, packageRoot);
const script = join(packageRoot, 'tests', 'differential', 'reference.py');
const casesSchema = z.array(
  z.object({ kind: z.string(), input: z.record(z.string(), z.unknown()), expected: z.array(z.number()) }),
);
const made = await execa(settings.python, [script, String(seed)], { cwd: packageRoot, maxBuffer: 50_000_000 });
const cases = casesSchema.parse(JSON.parse(made.stdout));
const byKind = Map.groupBy(cases, ({ kind }) => kind);

describe('statistics beside scipy, statsmodels and scikit-learn', () => {
  it(`has at least ${leastCases} cases`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(leastCases);
  });

  it.each([...byKind])('%s agrees in every case', (kind, members) => {
    const apart = members.flatMap(({ input, expected }) => {
      const wrong = differences(kind, input, expected);
      return wrong.length > 0 ? [{ seed, wrong, input: JSON.stringify(input).slice(0, 500) }] : [];
    });
    expect(apart.slice(0, 3)).toEqual([]);
  });
});
