// Asks a teacher what it has not answered before, within its budget.
import { join } from 'node:path';
import { failureTypes } from '../../domain/failures.ts';
import { Fault } from '../../domain/fault.ts';
import { spendingLimit, type SpendingLimit } from '../budget.ts';
import { askOnce } from '../asking/ask-row.ts';
import { endpointOf } from '../asking/endpoints.ts';
import { AskError } from '../clients/model-client.ts';
import type { ActivityDeps } from '../deps.ts';
import { permanent } from '../permanent.ts';
import { openSpool } from './answer-spool.ts';
import type { LookedUp } from './look-up.ts';
import type { AnswerTally } from './tally.ts';
import type { Teacher } from './teacher.ts';

/** Tries of an input that fails by itself while others are answered. */
const tries = 8;
/** Longest wait for one answer, and for an endpoint that answers nothing, in milliseconds. */
const timeoutMs = 120_000;
const patienceMs = 600_000;

/**
 * Asks in the order of the source, so that a budget ends at the same place whenever it is spent. Inputs that are left
 * over then are told to the tally. Throws Fault when the teacher no longer answers anybody, a permanent failure when it
 * refuses everybody, and the signal's reason when called off; every answer that arrived until then is kept.
 */
export async function askTeacher(
  deps: ActivityDeps,
  teacher: Teacher,
  questions: AsyncIterable<LookedUp>,
  { tally, signal: calledOff }: { readonly tally: AnswerTally; readonly signal: AbortSignal },
): Promise<void> {
  const { arm, payer, distill } = teacher;
  const { price, budget_usd: usd = Number.POSITIVE_INFINITY, budget_requests: most } = distill.teacher;
  const limit = spendingLimit(price, { usd, requests: most ?? Number.POSITIVE_INFINITY });
  const endpoint = await endpointOf(deps, { runKey: payer, arm, timeoutMs, patienceMs });
  const spool = await openSpool(join(deps.workFolder, 'answers', 'distill'), deps.store);
  const fault = new AbortController();
  const signal = AbortSignal.any([calledOff, fault.signal]);
  const asking = {
    endpoint,
    // Reserved below, in the order of the source; a further try counts as usual.
    limit: { ...limit, reserve: () => true },
    journal: spool.journal,
    runKey: payer,
    tries,
    rank: performance.now(),
  };
  const inFlight = new Set<Promise<void>>();
  let spent = false;

  async function ask({ number, digest, question }: LookedUp): Promise<void> {
    const asked = await askOnce(asking, digest, { ...question, signal });
    if (asked.kind === 'answer') {
      tally.answered(number, await spool.keep(digest, asked.answer));
    } else if (asked.because === 'down') {
      throw new Fault(`the teacher ${arm.label} no longer answers: ${asked.message}`, {
        where: `${teacher.where}.teacher`,
        hint: 'its answers so far are kept; start again to go on with the others',
      });
    } else if (asked.because === 'budget') {
      spent = true;
      tally.unasked(number);
    } else {
      tally.failed(number, asked.message);
    }
  }

  try {
    for await (const one of questions) {
      signal.throwIfAborted();
      const { number, question, known } = one;
      if (known !== undefined) {
        if (known.paidBy === payer) {
          charge(limit, one);
        }
        tally.answered(number, known);
        continue;
      }
      while (inFlight.size >= arm.maxConcurrency) {
        await Promise.race(inFlight);
      }
      // What is under way was reserved at its worst: it may leave something when it is settled.
      while (!spent && !limit.reserve(question.messages, question.maxTokens)) {
        if (inFlight.size === 0) {
          spent = true;
        } else {
          await Promise.race(inFlight);
        }
      }
      if (spent) {
        tally.unasked(number);
        continue;
      }
      const task: Promise<void> = ask(one)
        .catch((error: unknown) => fault.abort(error))
        .finally(() => inFlight.delete(task));
      inFlight.add(task);
    }
  } catch (error) {
    fault.abort(error);
  }
  await Promise.all(inFlight);
  calledOff.throwIfAborted();
  if (fault.signal.aborted) {
    throw named(fault.signal.reason, teacher);
  }
}

/** Counts what an earlier attempt paid: an endpoint that reports no usage at its worst, as when it was asked. */
function charge(limit: SpendingLimit, { question, known }: LookedUp): void {
  if (known === undefined || known.promptTokens + known.completionTokens === 0) {
    limit.reserve(question.messages, question.maxTokens);
    return;
  }
  limit.charge(known);
  limit.again();
}

function named(error: unknown, { where }: Teacher): unknown {
  return error instanceof AskError
    ? permanent(failureTypes.providerRefused, error.message, { where: `${where}.teacher` })
    : error;
}
