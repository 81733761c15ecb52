// contender validate RECIPE: checks a recipe and prints it resolved, with all defaults.
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { runCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { loadRecipe } from './load-recipe.ts';
import { requireTeacher } from './require-teacher.ts';

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('check a recipe and print it with all defaults; needs no services')
    .argument('<recipe>', 'recipe file')
    .action(async (path: string, _options: unknown, command: Command) => {
      await runCommand(command, async ({ terminal, settings }) => {
        const loaded = await loadRecipe(path);
        requireTeacher(loaded, settings.environment);
        const { recipe, candidates, remarks = [] } = loaded;
        remarks.forEach((remark) => terminal.say(remark));
        if (candidates.length === 1) {
          terminal.result(terminal.json ? JSON.stringify(recipe) : stringify(recipe).trimEnd());
        } else {
          terminal.result(
            terminal.json
              ? JSON.stringify({ candidates })
              : candidates
                  .map(({ id, label, recipe: single }) => `--- # ${id}: ${label}\n${stringify(single).trimEnd()}`)
                  .join('\n'),
          );
        }
        return exitCodes.done;
      });
    });
}
