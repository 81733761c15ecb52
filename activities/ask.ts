// One arm answers one shard of rows; the shard's results are committed once.
import { Context } from '@temporalio/activity';
import pMap from 'p-map';
import { failureTypes } from '../domain/failures.ts';
import type { DatasetRow } from '../domain/dataset.ts';
import type { Recipe } from '../domain/recipe.ts';
import { stageKey } from '../domain/refs.ts';
import type { RowResult } from '../domain/scorecard.ts';
import { askResultSchema, type AskInput, type AskResult } from '../domain/stage-inputs.ts';
import { renderMessages } from '../evals/prompt.ts';
import { baselineOf } from '../evals/arms.ts';
import { scoreAnswer } from '../evals/suite.ts';
import { putBlob } from '../registry/blobs.ts';
import { commitOnce, getJson } from '../registry/json.ts';
import { askPatiently } from './ask-patiently.ts';
import { spendingLimit, type SpendingLimit } from './budget.ts';
import { clientForArm } from './clients/client-for-arm.ts';
import { AskError, type ModelClient } from './clients/model-client.ts';
import type { ActivityDeps } from './deps.ts';
import { toLines } from './json-lines.ts';
import { permanent } from './permanent.ts';
import { cachedAnswer, keepAnswer } from './request-cache.ts';
import { readManifest, readRecipe, readSplit } from './run-inputs.ts';
import { shotsOfRun } from './suite-of-run.ts';

interface Contestant {
  readonly deps: ActivityDeps;
  readonly input: AskInput;
  readonly recipe: Recipe;
  readonly client: ModelClient;
  readonly shots: readonly DatasetRow[];
  readonly labels: readonly string[];
  readonly limit: SpendingLimit;
}

export async function ask(deps: ActivityDeps, input: AskInput): Promise<AskResult> {
  const { store } = deps;
  const key = stageKey(input.runKey, `evaluate/${input.arm.id}/${String(input.shard).padStart(4, '0')}`);
  const stored = await getJson(store, key, askResultSchema);
  if (stored !== undefined) {
    return stored;
  }
  const started = performance.now();
  const recipe = await readRecipe(store, input.recipe);
  const manifest = await readManifest(store, input.manifest);
  const rows = (await readSplit(store, manifest, input.split ?? 'test')).slice(input.from, input.to);
  const contestant: Contestant = {
    deps,
    input,
    recipe,
    client: await clientForArm(deps, input.runKey, recipe, input.arm),
    shots: input.arm.shots === 0 ? [] : await shotsOfRun(store, recipe, manifest),
    labels: manifest.labels,
    limit: spendingLimit(recipe, input.arm, input.paidUsd),
  };

  const context = Context.current();
  const heartbeats = setInterval(() => context.heartbeat({ arm: input.arm.id, answered }), 1000);
  let answered = 0;
  let results: RowResult[];
  try {
    results = await pMap(
      rows,
      async (row) => {
        const result = await answerRow(contestant, row, context.cancellationSignal);
        answered += 1;
        return result;
      },
      { concurrency: input.arm.maxConcurrency, signal: context.cancellationSignal },
    );
  } catch (error) {
    context.cancellationSignal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(heartbeats);
  }

  const result: AskResult = {
    results: await putBlob(store, toLines(results)),
    seconds: (performance.now() - started) / 1000,
    n: results.length,
    correct: results.filter(({ score }) => score === 1).length,
    paidUsd: results.reduce((total, row) => total + (row.cached ? 0 : (row.costUsd ?? 0)), 0),
  };
  // A shard with unanswered rows is not committed: the next run of this recipe asks for them again.
  return results.some(({ error }) => error !== undefined)
    ? result
    : await commitOnce(store, key, result, askResultSchema);
}

async function answerRow(contestant: Contestant, row: DatasetRow, signal: AbortSignal): Promise<RowResult> {
  const { deps, input, recipe, client, shots, labels, limit } = contestant;
  const messages = renderMessages(recipe.evaluate.prompt, row.input, shots);
  const maxTokens = recipe.evaluate.max_tokens;
  const request = {
    identity: identityOf(recipe, input),
    model: input.arm.model,
    messages,
    maxTokens,
    epoch: input.cacheEpoch,
  };
  const known = await cachedAnswer(deps.store, request);
  const common = { rowId: row.id, expected: row.output, ...(row.group === undefined ? {} : { group: row.group }) };
  if (known === undefined && !limit.reserve(messages, maxTokens)) {
    return { ...common, ...noAnswer, error: 'the budget is spent' };
  }
  if (known?.paidBy === input.runKey) {
    limit.charge(known);
  }
  try {
    const answer = known ?? (await askAndKeep());
    const responseSchema = recipe.evaluate.response_schema;
    const scored = scoreAnswer({ ...recipe.evaluate, responseSchema, task: recipe.task, labels }, row, answer.text);
    const costUsd = limit.priceOf(answer.promptTokens, answer.completionTokens);
    return {
      ...common,
      answer: answer.text,
      ...scored,
      latencyMs: answer.latencyMs,
      promptTokens: answer.promptTokens,
      completionTokens: answer.completionTokens,
      costUsd,
      finish: answer.finish,
      slices: {},
      refused: false,
      logprob: null,
      firstTokenMs: null,
      cached: answer.paidBy !== input.runKey,
    };
  } catch (error) {
    if (!(error instanceof AskError)) {
      throw error;
    }
    if (error.kind === 'endpoint') {
      throw permanent(failureTypes.providerRefused, error.message, { where: `arm ${input.arm.id}` });
    }
    return { ...common, ...noAnswer, error: error.message };
  }

  async function askAndKeep() {
    const started = performance.now();
    const answer = await askPatiently(client, { messages, maxTokens, signal });
    const latencyMs = Math.round((performance.now() - started) * 10) / 10;
    limit.settle(messages, maxTokens, answer);
    const { rateLimit: _, ...kept } = { ...answer, toolCalls: [...answer.toolCalls] };
    return await keepAnswer(deps.store, request, { ...kept, latencyMs, paidBy: input.runKey });
  }
}

/** Two endpoints may serve different weights under one model id, so answers belong to the endpoint too. */
function identityOf(recipe: Recipe, { arm, identity }: AskInput): string {
  const { base_url: url, resource, project, region } = baselineOf(recipe, arm) ?? {};
  const place = [url, resource, project, region].filter((part) => part !== undefined).join(' ');
  return place === '' ? identity : `${identity} at ${place}`;
}

const noAnswer = {
  answer: null,
  parsed: null,
  score: 0,
  latencyMs: 0,
  promptTokens: 0,
  completionTokens: 0,
  costUsd: null,
  finish: 'none',
  slices: {},
  refused: false,
  scores: {},
  logprob: null,
  firstTokenMs: null,
  cached: false,
} satisfies Partial<RowResult>;
