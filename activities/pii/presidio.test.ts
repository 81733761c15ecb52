import { afterEach, describe, expect, it } from 'vitest';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { typeOfEntity } from '../../datasets/pii/text-analyzer.ts';
import { piiSchema } from '../../domain/recipe-pii.ts';
import { createPresidioAnalyzer } from './presidio.ts';

const requestSchema = z.object({
  text: z.array(z.string()),
  language: z.string(),
  score_threshold: z.number(),
  entities: z.array(z.string()).optional(),
});
type Request = z.infer<typeof requestSchema>;

interface Stub {
  readonly url: string;
  readonly requests: Request[];
  readonly mostAtOnce: () => number;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Code points, as Python has them. */
const pointsOf = (text: string): string[] => Array.from(text);

/** Finds the word Anna as Presidio would; `status` may refuse a request. */
async function stub(
  status: (request: Request, count: number) => number | 'never' = () => 200,
  latencyMs = 0,
): Promise<Stub> {
  const requests: Request[] = [];
  let inFlight = 0;
  let most = 0;
  const answer = async (asked: Request, response: ServerResponse): Promise<void> => {
    await sleep(latencyMs);
    inFlight -= 1;
    const code = status(asked, requests.length);
    if (code === 'never') {
      return;
    }
    response.statusCode = code;
    const found = asked.text.map((text) => {
      const start = pointsOf(text.slice(0, Math.max(0, text.indexOf('Anna')))).length;
      return text.includes('Anna') ? [{ entity_type: 'PERSON', start, end: start + 4, score: 0.85 }] : [];
    });
    response.end(JSON.stringify(code === 200 ? found : { error: 'Anna was the text' }));
  };
  const server = createServer((request, response) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const asked = requestSchema.parse(JSON.parse(body));
      requests.push(asked);
      void answer(asked, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, requests, mostAtOnce: () => most };
}

function analyzer(url: string, extra: object = {}) {
  const { presidio } = piiSchema.parse({ presidio: { url, batch: 8, ...extra } });
  if (presidio === undefined) {
    throw new Error('no presidio block');
  }
  return createPresidioAnalyzer(presidio, { timeoutMs: 500, tries: 4, firstWaitMs: 5 });
}

const signal = new AbortController().signal;

it.each([
  ['EMAIL_ADDRESS', 'email'],
  ['IT_FISCAL_CODE', 'national_id'],
  ['PERSON', 'person'],
  ['__PROTO__', 'other'],
  ['constructor] [', 'other'],
])('the entity %s is our %s', (entity, type) => {
  expect(typeOfEntity(entity)).toBe(type);
});

describe('the analyzer', () => {
  it('is asked in batches with the settings of the recipe, and answers in order', async () => {
    const { url, requests } = await stub();
    const texts = Array.from({ length: 20 }, (_, index) => (index % 5 === 0 ? `${index} Anna` : `${index}`));
    const found = await analyzer(`${url}/`, { entities: ['PERSON'], language: 'de' }).analyseTexts(texts, signal);
    expect(found.map((one) => one?.length)).toEqual(texts.map((text) => (text.includes('Anna') ? 1 : 0)));
    expect(requests.map(({ text }) => text.length).toSorted((left, right) => left - right)).toEqual([4, 8, 8]);
    expect(requests[0]).toMatchObject({ language: 'de', score_threshold: 0.4, entities: ['PERSON'] });
  });

  it('is not asked about blank texts', async () => {
    const { url, requests } = await stub();
    expect(await analyzer(url).analyseTexts(['', ' \n'], signal)).toEqual([[], []]);
    expect(requests).toEqual([]);
  });

  it('has at most 4 requests under way, over all calls together', async () => {
    const { url, requests, mostAtOnce } = await stub(() => 200, 10);
    const one = analyzer(url, { batch: 1 });
    const texts = Array.from({ length: 20 }, () => 'Anna');
    await Promise.all([one.analyseTexts(texts, signal), one.analyseTexts(texts, signal)]);
    expect(requests).toHaveLength(40);
    expect(mostAtOnce()).toBe(4);
  });

  it('counts in code points, we in UTF-16 units', async () => {
    const { url } = await stub();
    const text = '😀😀 Anna 😀';
    const [found] = await analyzer(url).analyseTexts([text], signal);
    expect(found).toEqual([{ type: 'person', start: 5, end: 9 }]);
    expect(text.slice(5, 9)).toBe('Anna');
  });

  it.each([429, 503, 500])('is asked again after %s', async (code) => {
    const { url, requests } = await stub((_, count) => (count < 2 ? code : 200));
    const [found] = await analyzer(url).analyseTexts(['Anna'], signal);
    expect(found).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });

  it('is asked again when it gives no answer in time', async () => {
    const { url, requests } = await stub((_, count) => (count < 2 ? 'never' : 200));
    expect(await analyzer(url).analyseTexts(['Anna'], signal)).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });

  it.each([500, 413])('that fails with %s at one text fails at that one alone', async (code) => {
    const { url } = await stub(({ text }) => (text.includes('bad') ? code : 200));
    const texts = ['Anna', 'b', 'Anna', 'd', 'e', 'bad', 'Anna', 'h', 'Anna'];
    const found = await analyzer(url).analyseTexts(texts, signal);
    expect(found.map((one) => one?.length)).toEqual([1, 0, 1, 0, 0, undefined, 1, 0, 1]);
  });

  it('that fails at every text is a fault, after few requests and without a word of the texts', async () => {
    const { url, requests } = await stub(() => 500);
    const texts = Array.from({ length: 64 }, () => 'Anna');
    const asked = analyzer(url, { batch: 64 }).analyseTexts(texts, signal);
    await expect(asked).rejects.toThrow(/^the analyzer at 127\.0\.0\.1:\d+ answered 500$/u);
    expect(requests.length).toBeLessThan(30);
  });

  it('that is down is a fault and its batches are not divided', async () => {
    const { url, requests } = await stub(() => 503);
    await expect(analyzer(url).analyseTexts(['a', 'b'], signal)).rejects.toThrow('answered 503');
    expect(requests).toHaveLength(4);
  });

  it('is left alone once the signal says so', async () => {
    const { url } = await stub(() => 'never');
    const controller = new AbortController();
    const asked = analyzer(url).analyseTexts(['a'], controller.signal);
    setTimeout(() => controller.abort(new Error('cancelled')), 20);
    await expect(asked).rejects.toThrow('cancelled');
  });
});
