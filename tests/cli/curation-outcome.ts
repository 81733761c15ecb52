// What must hold however a curation ends, for the tests of hostile input.
import { expect } from 'vitest';
import type { CommandEnd, CurateJson, CurationProject } from './curation-project.ts';

/** Most memory that a curation may ever have, whatever it is given. */
const maxPeakMib = 700;

export const map = { input: 'text', output: 'label' };

/** stderr of a command that refused its input: no stack trace, no result, nothing stored or left over. */
export async function refusal(project: CurationProject, end: CommandEnd, exitCode = 2): Promise<string> {
  const { stdout, stderr, peakMib } = end;
  expect({ exitCode: end.exitCode, stdout, stderr }).toMatchObject({ exitCode, stdout: '' });
  expect(stderr).toMatch(/^error: /mu);
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/mu);
  expect(await project.left()).toEqual([]);
  expect(peakMib).toBeLessThan(maxPeakMib);
  return stderr;
}

/** The report of a curation that went well: kept + dropped = read, and no scratch is left. */
export async function success(project: CurationProject, end: CommandEnd): Promise<CurateJson> {
  const { exitCode, stdout, stderr, peakMib } = end;
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  const report: CurateJson = JSON.parse(stdout);
  const dropped = Object.values(report.dropped).reduce((sum, count) => sum + count, 0);
  expect(report.kept + dropped).toBe(report.read);
  expect((await project.left()).filter((path) => !path.endsWith('manifest.json'))).toEqual([]);
  expect(peakMib).toBeLessThan(maxPeakMib);
  return report;
}
