// The tools that we are compared with, installed beside the services' home in pinned versions, and kept for the next time.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { canonicalJson } from '../../../domain/canonical.ts';
import { packageRoot } from '../../../infra/settings.ts';

export const peerVersions = {
  promptfoo: '0.123.1',
  // The native part of promptfoo's database.
  libsql: '0.5.29',
  lm_eval: '0.4.13',
  inspect_ai: '0.3.285',
  // inspect_ai's client of OpenAI-compatible endpoints.
  openai: '3.57.0',
};

export interface PeerFolder {
  /** Entry of promptfoo, for our own Node.js. */
  readonly promptfoo: string;
  /** Folder with `lm_eval` and `inspect`. */
  readonly bin: string;
}

/** Installs what is not there in these versions. Throws ExecaError when a package cannot be had. */
export async function peerFolder(home: string): Promise<PeerFolder> {
  const folder = join(home, 'bench', 'eval-peers');
  const mark = join(folder, 'installed.json');
  const wanted = canonicalJson(peerVersions);
  const found = await readFile(mark, 'utf8').catch(() => '');
  if (found !== wanted) {
    console.error(`bench: installing ${Object.keys(peerVersions).join(', ')} into ${folder}`);
    await rm(folder, { recursive: true, force: true });
    await Promise.all([installNode(join(folder, 'node')), installPython(join(folder, 'python'))]);
    await writeFile(mark, wanted);
  }
  return {
    promptfoo: join(folder, 'node', 'node_modules', 'promptfoo', 'dist', 'src', 'entrypoint.js'),
    bin: join(folder, 'python', 'bin'),
  };
}

async function installNode(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  // Its optional packages are SDKs of vendors, browsers among them, and take gigabytes; one of them it cannot do without.
  const native = process.platform === 'linux' ? `linux-${process.arch}-gnu` : `${process.platform}-${process.arch}`;
  const packages = [`promptfoo@${peerVersions.promptfoo}`, `@libsql/${native}@${peerVersions.libsql}`];
  const args = ['install', '--omit=optional', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error'];
  await execa('npm', [...args, ...packages], { cwd: folder });
}

async function installPython(folder: string): Promise<void> {
  const tools = join(packageRoot, '.contender', 'tools', 'bin');
  const uv = join(tools, 'uv');
  await execa(uv, ['venv', '--quiet', '--python', join(tools, 'python'), folder]);
  const packages = [
    `lm_eval[api]==${peerVersions.lm_eval}`,
    `inspect_ai==${peerVersions.inspect_ai}`,
    `openai==${peerVersions.openai}`,
  ];
  await execa(uv, ['pip', 'install', '--quiet', '--python', join(folder, 'bin', 'python'), ...packages]);
}
