// The contender command line as a value: every command wired, nothing run. docs/cli.md lists the same commands.
import { Command } from 'commander';
import { addCompareCommand } from './compare.ts';
import { addApprovalCommands } from './approve.ts';
import { addDoctorCommand } from './doctor.ts';
import { addEvalCommand } from './eval.ts';
import { addGateCommand } from './gate.ts';
import { addModelCommand } from './models.ts';
import { addPlanCommand } from './plan.ts';
import { addRouteCommands } from './routes.ts';
import { addRunCommand } from './run.ts';
import { addRunControlCommands } from './run-control.ts';
import { addScheduleCommands } from './schedule.ts';
import { addServiceCommands } from './services.ts';
import { addSuiteCommands } from './suites.ts';
import { addValidateCommand } from './validate.ts';

export function createProgram(): Command {
  const program = new Command('contender')
    .description(
      'Fine-tune open models, make them contend with a baseline, and let only a defended winner take the route.',
    )
    .option('--json', 'machine-readable output on stdout')
    .option('--debug', 'show stack traces')
    .option('--store <uri>', 'object store, file:///… or s3://bucket/prefix')
    .showHelpAfterError('(contender --help lists the commands)')
    .exitOverride();

  addRunCommand(program);
  addPlanCommand(program);
  addValidateCommand(program);
  addRunControlCommands(program);
  addEvalCommand(program);
  addCompareCommand(program);
  addGateCommand(program);
  addApprovalCommands(program);
  addRouteCommands(program);
  addModelCommand(program);
  addSuiteCommands(program);
  addScheduleCommands(program);
  addServiceCommands(program);
  addDoctorCommand(program);
  return program;
}
