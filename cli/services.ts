// contender up, down and worker: the local services.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { BadInput } from '../domain/bad-input.ts';
import { controlQueue, defaultGpuQueue } from '../domain/names.ts';
import { serverTarget } from '../infra/connection.ts';
import { describeGpus } from '../infra/gpus.ts';
import { servicesDown, servicesUp, type ServiceEvent } from '../infra/services.ts';
import { workerRecord } from '../infra/worker-record.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

export function addServiceCommands(program: Command): void {
  program
    .command('up')
    .description('start the Temporal development server and the workers, unless they are up')
    .option('--queue <name>', 'accelerator queue to work on', defaultGpuQueue)
    .option('--slots <n>', 'jobs at once on that queue (default: one for each GPU, at least one)')
    .action(async (options: { queue: string; slots?: string }, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const events: ServiceEvent[] = [];
        await servicesUp(settings, {
          gpuQueues: [{ queue: checkedQueue(options.queue), slots: checkedSlots(options.slots) }],
          onEvent: (event) => {
            events.push(event);
            terminal.say(`${event.service}: ${event.state}`);
          },
        });
        const target = serverTarget(settings);
        const ui = target.own ? `http://127.0.0.1:${settings.temporalUiPort}` : undefined;
        terminal.result(
          terminal.json
            ? JSON.stringify({ services: events, address: target.address, ui })
            : `Temporal at ${target.address}${ui === undefined ? '' : `, UI at ${ui}`}`,
        );
        return exitCodes.done;
      });
    });

  program
    .command('down')
    .description('stop the workers and the server; trainers that run are left to the next workers')
    .action(async (_options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const stopped = await servicesDown(settings, ({ service }) => terminal.say(`${service}: stopped`));
        terminal.result(
          terminal.json
            ? JSON.stringify({ stopped })
            : stopped.length === 0
              ? 'nothing was running'
              : `stopped ${stopped.length} services`,
        );
        return exitCodes.done;
      });
    });

  program
    .command('worker')
    .description('work on a queue in the foreground until Ctrl-C')
    .option('--queue <name>', `${controlQueue}, or an accelerator queue such as gpu-24g`, controlQueue)
    .option('--slots <n>', 'jobs at once on an accelerator queue (default: one for each GPU, at least one)')
    .option('--ready-file <path>', 'written once the worker polls')
    .action(async (options: { queue: string; slots?: string; readyFile?: string }, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        // A worker loads every activity with all its packages; `up` and `down`, which share this file, need none.
        const { runWorker } = await import('../infra/worker.ts');
        const queue = options.queue === controlQueue ? controlQueue : checkedQueue(options.queue);
        await runWorker(settings, {
          queue,
          slots: checkedSlots(options.slots),
          say: (message) => terminal.say(message),
          onReady: async ({ gpus, slots }) => {
            const place = queue === controlQueue ? '' : `, ${slots} at once, GPUs: ${describeGpus(gpus)}`;
            terminal.say(`working on ${queue} for ${serverTarget(settings).address}${place}`);
            if (options.readyFile !== undefined) {
              await writeFile(options.readyFile, JSON.stringify(await workerRecord(settings)));
            }
          },
        });
        return exitCodes.done;
      });
    });
}

function checkedQueue(name: string): string {
  if (!/^gpu-[a-z0-9-]+$/u.test(name)) {
    throw new BadInput(`"${name}" is not a queue`, {
      where: '--queue',
      hint: `use ${controlQueue}, or gpu- and a class, such as gpu-24g`,
    });
  }
  return name;
}

function checkedSlots(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const slots = Number(text);
  if (!Number.isInteger(slots) || slots < 1) {
    throw new BadInput(`"${text}" is not a number of slots`, { where: '--slots', hint: 'use 1 or more' });
  }
  return slots;
}
