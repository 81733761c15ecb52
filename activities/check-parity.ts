// Proves train/serve parity: the server's prompt tokens for known rows equal, token for token, those at training.
import { Context } from '@temporalio/activity';
import pMap from 'p-map';
import { z } from 'zod';
import { failureTypes } from '../domain/failures.ts';
import { sha256Schema } from '../domain/refs.ts';
import type { ParityInput, ParityResult } from '../domain/stage-inputs.ts';
import { paritySchema } from '../domain/training.ts';
import { renderMessages } from '../evals/prompt.ts';
import { getBlob } from '../registry/blobs.ts';
import { parseStored } from '../registry/json.ts';
import type { ActivityDeps } from './deps.ts';
import { readArtifactManifest } from './materialise-artifact.ts';
import { permanent } from './permanent.ts';
import { readManifest, readRecipe, readSplit } from './run-inputs.ts';
import { serverFolder, serverUrl } from './server-place.ts';

const promptTokensSchema = z.object({ prompt_sha256: sha256Schema, prompt_tokens: z.int() });

export async function checkParity(deps: ActivityDeps, input: ParityInput): Promise<ParityResult> {
  const { store } = deps;
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  const rows = [...(await readSplit(store, manifest, 'train')), ...(await readSplit(store, manifest, 'validation'))];
  const rowsById = new Map(rows.map((row) => [row.id, row]));

  const file = (await readArtifactManifest(deps, input.adapter)).files['parity.json'];
  if (file === undefined) {
    throw permanent(failureTypes.corruptArtifact, 'the adapter has no parity.json');
  }
  const trained = parseStored(file.key, await getBlob(store, file), paritySchema);
  if (trained.rows.length === 0) {
    if (recipe.train.backend === 'container') {
      // A foreign image may not say with which tokens it trained. The result says that nothing was compared.
      return { prompts: 0 };
    }
    throw permanent(failureTypes.parityBroken, 'the adapter names no rows to compare');
  }
  const url = await serverUrl(serverFolder(deps, input.runKey, 'language-model'));
  const { cancellationSignal: signal } = Context.current();

  await pMap(
    trained.rows,
    async (row) => {
      const known = rowsById.get(row.row_id);
      if (known === undefined) {
        throw permanent(failureTypes.parityBroken, `row ${row.row_id} of the adapter is not in its dataset`);
      }
      const messages = renderMessages(recipe.evaluate.prompt, known, [], known.tools ?? recipe.evaluate.tools);
      const answer = await fetch(`${url}/contender/prompt-tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: input.model, messages }),
        signal,
      });
      if (!answer.ok) {
        throw new Error(`the model server answered ${answer.status} to the parity check`);
      }
      const served = promptTokensSchema.parse(await answer.json());
      if (served.prompt_sha256 !== row.prompt_sha256) {
        throw permanent(
          failureTypes.parityBroken,
          `row ${row.row_id} has ${served.prompt_tokens} prompt tokens at serving and ${row.prompt_tokens} at training, or others`,
          { hint: 'the chat template or tokenizer at serving is not the one of training' },
        );
      }
    },
    { concurrency: 8 },
  );
  return { prompts: trained.rows.length };
}
