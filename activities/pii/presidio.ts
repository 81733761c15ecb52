// A Presidio-compatible analyzer: texts go in batches to POST /analyze, whose `text` may be a list.
// Its server answers 500 also for a text that it cannot take, so that a batch that fails is halved until that text stands
// alone.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type PiiFinding, withoutOverlaps } from '../../datasets/pii/finding.ts';
import { typeOfEntity, utf16Places, type AnalyzedText, type TextAnalyzer } from '../../datasets/pii/text-analyzer.ts';
import type { PiiRecipe } from '../../domain/recipe-pii.ts';
import { faultOf } from '../clients/http-fault.ts';
import { AskError } from '../clients/model-client.ts';
import { sendRequest } from '../clients/transport.ts';
import { withDeadline } from '../clients/with-deadline.ts';
import { permits } from './permits.ts';

type PresidioRecipe = NonNullable<PiiRecipe['presidio']>;

export interface PresidioLimits {
  /** Longest wait for one answer in milliseconds. */
  readonly timeoutMs: number;
  /** Tries of one request that fails for the moment. */
  readonly tries: number;
  /** Wait before the second try in milliseconds; it doubles from then on. */
  readonly firstWaitMs: number;
}

const usualLimits: PresidioLimits = { timeoutMs: 60_000, tries: 6, firstWaitMs: 500 };
const requestsAtOnce = 4;
const longestWaitMs = 30_000;
/** A batch ends here too, in UTF-16 units, so that long texts do not add up to more than a server takes. */
const batchUnits = 512 * 1024;
/** So many texts that fail alone, and none that does not: it is not the texts. */
const failuresThatTell = 3;
/** A 500 is what a text that cannot be taken looks like, so that it is not tried often. */
const triesOfServerError = 2;

const replySchema = z.array(
  z.array(
    z.looseObject({ entity_type: z.string().min(1), start: z.int().nonnegative(), end: z.int(), score: z.number() }),
  ),
);

/** At most 4 requests are under way, however many calls of `analyseTexts` are. */
export function createPresidioAnalyzer(settings: PresidioRecipe, limits: PresidioLimits = usualLimits): TextAnalyzer {
  const withPermit = permits(requestsAtOnce);
  const seen = { answered: 0, failed: 0 };
  const url = new URL(`${settings.url.replace(/\/+$/u, '')}/analyze`);

  const ask = async (texts: readonly string[], signal: AbortSignal): Promise<PiiFinding[][]> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await withPermit(async () => await askOnce({ url, settings, limits }, texts, signal));
      } catch (error) {
        const mayPass = error instanceof AskError && error.kind === 'transient';
        const tries = mayPass && error.status === 500 ? Math.min(triesOfServerError, limits.tries) : limits.tries;
        if (!mayPass || attempt >= tries) {
          throw error;
        }
        const backoff = limits.firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
        await sleep(Math.min(error.retryAfterMs ?? backoff, longestWaitMs), undefined, { signal });
      }
    }
  };

  const analyse = async (texts: readonly string[], signal: AbortSignal): Promise<AnalyzedText[]> => {
    try {
      const found = await ask(texts, signal);
      seen.answered += texts.length;
      return found;
    } catch (error) {
      if (!isAboutTexts(error)) {
        throw error;
      }
      if (texts.length === 1) {
        seen.failed += 1;
        if (seen.answered === 0 && seen.failed >= failuresThatTell) {
          throw error;
        }
        return [undefined];
      }
      // One after the other: where nothing works at all, the first texts tell.
      const middle = Math.ceil(texts.length / 2);
      const left = await analyse(texts.slice(0, middle), signal);
      return [...left, ...(await analyse(texts.slice(middle), signal))];
    }
  };

  const analyseTexts = async (texts: readonly string[], signal: AbortSignal): Promise<AnalyzedText[]> => {
    const results: AnalyzedText[] = texts.map(() => []);
    await Promise.all(
      batchesOf(texts, settings.batch).map(async (indices) => {
        const analyzed = await analyse(
          indices.map((index) => texts[index] ?? ''),
          signal,
        );
        for (const [place, index] of indices.entries()) {
          results[index] = analyzed[place];
        }
      }),
    );
    return results;
  };
  return { analyseTexts };
}

/** Indices of texts by batch; blank ones are not asked about. */
function batchesOf(texts: readonly string[], most: number): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let units = 0;
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') {
      continue;
    }
    if (batch.length === 0 || batch.length >= most || units + text.length > batchUnits) {
      batch = [];
      batches.push(batch);
      units = 0;
    }
    batch.push(index);
    units += text.length;
  }
  return batches;
}

/** Whether another division of the texts may help: not when the server is out of reach, busy or wants something else. */
function isAboutTexts(error: unknown): boolean {
  return error instanceof AskError && (error.kind === 'row' || error.status === 500);
}

interface Target {
  readonly url: URL;
  readonly settings: PresidioRecipe;
  readonly limits: PresidioLimits;
}

async function askOnce(
  { url, settings, limits }: Target,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<PiiFinding[][]> {
  const name = `the analyzer at ${url.host}`;
  const body = JSON.stringify({
    text: texts,
    language: settings.language,
    score_threshold: settings.min_score,
    ...(settings.entities === undefined ? {} : { entities: settings.entities }),
  });
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  const reply = await withDeadline({ name, timeoutMs: limits.timeoutMs, signal }, async (inner) => {
    return await sendRequest(name, { url, headers, body, signal: inner });
  });
  if (reply.status < 200 || reply.status >= 300) {
    throw faultOf(reply, { name, keys: undefined });
  }
  const parsed = replySchema.safeParse(jsonOf(reply.body));
  if (!parsed.success || parsed.data.length !== texts.length) {
    throw new AskError('endpoint', `${name} did not answer with one list of findings for each text`);
  }
  return parsed.data.map((entities, index) => findingsOf(texts[index] ?? '', entities, settings.min_score));
}

function findingsOf(text: string, entities: z.infer<typeof replySchema>[number], minScore: number): PiiFinding[] {
  const place = utf16Places(text);
  const findings = entities
    .filter(({ score }) => score >= minScore)
    .map(({ entity_type: entity, start, end }) => ({
      type: typeOfEntity(entity),
      start: place(start),
      end: place(end),
    }));
  // Comparisons with NaN are false: a place outside of the text does not pass.
  return withoutOverlaps(findings.filter(({ start, end }) => start < end && end <= text.length));
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
