// The contender command line as a value: commands wired, nothing run. docs/cli.md lists the same commands.
import { Command } from 'commander';

type AddCommands = (program: Command) => void;

const approval = async (): Promise<AddCommands> => (await import('./approve.ts')).addApprovalCommands;
const routes = async (): Promise<AddCommands> => (await import('./routes.ts')).addRouteCommands;
const runControl = async (): Promise<AddCommands> => (await import('./run-control.ts')).addRunControlCommands;
const services = async (): Promise<AddCommands> => (await import('./services.ts')).addServiceCommands;

/**
 * The modules by the commands that they add, in the order of the help text. They are loaded when they are needed, since
 * all of them together take longer to load than most commands to run.
 */
const commands: Readonly<Record<string, () => Promise<AddCommands>>> = {
  run: async () => (await import('./run.ts')).addRunCommand,
  plan: async () => (await import('./plan.ts')).addPlanCommand,
  curate: async () => (await import('./curate.ts')).addCurateCommand,
  datasets: async () => (await import('./datasets.ts')).addDatasetCommands,
  validate: async () => (await import('./validate.ts')).addValidateCommand,
  status: runControl,
  cancel: runControl,
  report: runControl,
  eval: async () => (await import('./eval.ts')).addEvalCommand,
  compare: async () => (await import('./compare.ts')).addCompareCommand,
  gate: async () => (await import('./gate.ts')).addGateCommand,
  approve: approval,
  reject: approval,
  routes,
  route: routes,
  models: async () => (await import('./models.ts')).addModelCommand,
  suites: async () => (await import('./suites.ts')).addSuiteCommands,
  schedule: async () => (await import('./schedule.ts')).addScheduleCommands,
  up: services,
  down: services,
  worker: services,
  doctor: async () => (await import('./doctor.ts')).addDoctorCommand,
};

/**
 * With the commands of the one module that the arguments invoke; with all of them where they invoke none that is known,
 * as for `--help`, and without arguments. Throws CommanderError when a flag before the command lacks its value.
 */
export async function createProgram(args: readonly string[] = []): Promise<Command> {
  const program = bareProgram();
  const invoked = commands[invokedName(args)];
  const loaders = invoked === undefined ? new Set(Object.values(commands)) : [invoked];
  for (const addCommands of await Promise.all([...loaders].map((load) => load()))) {
    addCommands(program);
  }
  return program;
}

/** The first argument that is neither a global flag nor the value of one; '' when there is none. */
function invokedName(args: readonly string[]): string {
  const [name = ''] = bareProgram().parseOptions([...args]).operands;
  return Object.hasOwn(commands, name) ? name : '';
}

function bareProgram(): Command {
  return new Command('contender')
    .description(
      'Fine-tune open models, make them contend with a baseline, and let only a defended winner take the route.',
    )
    .option('--json', 'machine-readable output on stdout')
    .option('--debug', 'show stack traces')
    .option('--store <uri>', 'object store, file:///… or s3://bucket/prefix')
    .showHelpAfterError('(contender --help lists the commands)')
    .exitOverride();
}
