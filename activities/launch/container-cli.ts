// Runs `docker` or `podman` with an argument list, and tells apart what the user must change from what may pass.
import { execa } from 'execa';
import { BadInput } from '../../domain/bad-input.ts';
import { Fault } from '../../domain/fault.ts';
import type { ContainerTool } from './container-args.ts';

export interface CliAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tool is not on this machine. */
export class ToolMissing extends BadInput {}

const timeoutMs = 120_000;

/** What never passes by itself: a text of the tool's message, and what to do about it. */
const permanentProblems: readonly [RegExp, string, string][] = [
  [
    /unresolvable CDI devices?|CDI device injection failed/iu,
    'podman does not know the GPU',
    'install the NVIDIA container toolkit and run: nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml',
  ],
  [
    /could not select device driver/iu,
    'docker has no driver for GPUs',
    'install the NVIDIA container toolkit and run: nvidia-ctk runtime configure --runtime=docker',
  ],
  [
    /permission denied.*(?:docker daemon|docker\.sock)|dial unix .*permission denied/iu,
    'the worker may not use the docker daemon',
    'add its user to the group docker, or use launcher podman, which needs no daemon',
  ],
  [
    /executable file .*not found|no such file or directory.*exec|exec:.*(?:not found|no such file|permission denied)/iu,
    'the program is not in the image',
    'train.command names a program of the image; backends peft and unsloth need python with the trainer',
  ],
];

/**
 * Runs the tool in `cwd` and returns its answer, whatever it is. Throws ToolMissing when there is no such tool, Fault
 * when it does not answer in time.
 */
export async function containerCli(
  tool: ContainerTool,
  args: readonly string[],
  { extraMs = 0, cwd }: { readonly extraMs?: number; readonly cwd?: string | undefined } = {},
): Promise<CliAnswer> {
  const { exitCode, stdout, stderr, timedOut, cause } = await execa(tool, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs + extraMs,
    ...(cwd === undefined ? {} : { cwd }),
    maxBuffer: 8 * 1024 ** 2,
  });
  if (exitCode !== undefined && !timedOut) {
    return { exitCode, stdout, stderr };
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    throw new ToolMissing(`${tool} is not installed on the worker`, {
      hint: 'install it there, or use another train.launcher',
    });
  }
  throw new Fault(`${tool} ${args[0] ?? ''} did not answer`, { cause });
}

/** The error of an answer with another exit code than 0. Carries the tool's last line, never the command line. */
export function cliError(tool: ContainerTool, verb: string, { stderr }: CliAnswer): BadInput | Fault {
  const known = permanentProblems.find(([pattern]) => pattern.test(stderr));
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return known === undefined
    ? new Fault(`${tool} ${verb} failed: ${said}`)
    : new BadInput(`${known[1]} (${said})`, { hint: known[2] });
}
