// contender models: the registered model versions.
import type { Command } from 'commander';
import { getModelVersion, listModelVersions } from '../registry/models.ts';
import type { ModelVersion } from '../domain/registry.ts';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';

export function addModelCommand(program: Command): void {
  program
    .command('models')
    .description('list the registered model versions')
    .argument('[name]', 'only versions of this model')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, store }) => {
        const models: ModelVersion[] = [];
        for await (const id of listModelVersions(store, name)) {
          const model = await getModelVersion(store, id);
          if (model !== undefined) {
            models.push(model);
          }
        }
        terminal.result(
          terminal.json
            ? JSON.stringify(models)
            : models.length === 0
              ? 'no model version yet'
              : models
                  .map(
                    ({ id, base, lineage }) =>
                      `${id}  on ${base.name}, dataset ${lineage.dataset}, run ${lineage.runKey}`,
                  )
                  .join('\n'),
        );
        return exitCodes.done;
      });
    });
}
