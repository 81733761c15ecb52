// One process of the simulation: runs the settings whose numbers it is sent.
import { getEachMessage, sendMessage } from 'execa';
import { z } from 'zod';
import { runSetting } from './run-setting.ts';
import { allSettings } from './setting.ts';

const contests = z.coerce.number().int().positive().parse(process.argv[2]);
const settings = allSettings();

for await (const message of getEachMessage()) {
  const index = z.int().parse(message);
  const setting = settings[index];
  if (setting === undefined) {
    throw new Error(`no setting ${index}`);
  }
  const started = performance.now();
  // The number of a setting is the seed of its random choices.
  const outcome = runSetting(setting, contests, index + 1);
  await sendMessage({ ...outcome, seconds: (performance.now() - started) / 1000 });
}
