// Presidio's analyzer and Faker, installed beside the services' home in pinned versions and kept for the next time.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { canonicalJson } from '../../../domain/canonical.ts';
import { packageRoot } from '../../../infra/settings.ts';

export const peerVersions = { 'presidio-analyzer': '2.2.366', faker: '40.63.0' };

/** Installs what is not there and gives the Python that has it. Throws ExecaError when a package cannot be had. */
export async function peerPython(home: string): Promise<string> {
  const folder = join(home, 'bench', 'pii-peers');
  const python = join(folder, 'bin', 'python');
  const mark = join(folder, 'installed.json');
  const wanted = canonicalJson(peerVersions);
  if ((await readFile(mark, 'utf8').catch(() => '')) !== wanted) {
    console.error(`bench: installing ${Object.keys(peerVersions).join(', ')} into ${folder}`);
    await rm(folder, { recursive: true, force: true });
    const tools = join(packageRoot, '.contender', 'tools', 'bin');
    await execa(join(tools, 'uv'), ['venv', '--quiet', '--python', join(tools, 'python'), folder]);
    const packages = Object.entries(peerVersions).map(([name, version]) => `${name}==${version}`);
    await execa(join(tools, 'uv'), ['pip', 'install', '--quiet', '--python', python, ...packages]);
    await writeFile(mark, wanted);
  }
  return python;
}
