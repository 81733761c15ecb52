#!/usr/bin/env node
// The contender command: runs the program and turns usage errors into exit code 2.
import { CommanderError } from 'commander';
import { keepCompiledCode } from './compiled-code.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

keepCompiledCode();
const args = process.argv.slice(2);
try {
  const program = await createProgram(args);
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) {
    throw error;
  }
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
}
