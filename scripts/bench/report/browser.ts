// Drives a headless Chromium over its DevTools protocol: no package is needed for the few commands used here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

export interface Page {
  /** Opens an address and waits until it has loaded. */
  readonly open: (address: string) => Promise<void>;
  /** Value of an expression, awaited; what it throws is thrown here. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Addresses that were requested so far. */
  readonly requested: () => readonly string[];
}

/** Runs `use` with a page of 1200 × 900 pixels. Throws when the command cannot be started. */
export async function withBrowser<Result>(command: string, use: (page: Page) => Promise<Result>): Promise<Result> {
  const profile = await mkdtemp(join(tmpdir(), 'contender-browser-'));
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
  ];
  const browser = execa(
    command,
    [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--window-size=1200,900', 'about:blank'],
    { reject: false, forceKillAfterDelay: 5000 },
  );
  try {
    const address = await new Promise<string>((resolve, reject) => {
      browser.stderr.on('data', (chunk: Buffer) => {
        const [, found] = /listening on (ws:\S+)/u.exec(String(chunk)) ?? [];
        if (found !== undefined) {
          resolve(found);
        }
      });
      void rejectAtEnd();
      async function rejectAtEnd(): Promise<void> {
        const { shortMessage } = await browser;
        reject(new Error(`${command} ended before it could be used: ${shortMessage ?? 'no reason given'}`));
      }
    });
    return await use(await connect(address));
  } finally {
    browser.kill();
    await browser;
    await rm(profile, { recursive: true, force: true });
  }
}

async function connect(address: string): Promise<Page> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const requests: string[] = [];
  let loaded: (() => void) | undefined;
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = messageSchema.parse(JSON.parse(String(data)));
    const { resolve, reject } = waiting.get(message.id ?? -1) ?? {};
    if (message.error !== undefined) {
      reject?.(new Error(message.error.message));
    } else {
      resolve?.(message.result);
    }
    if (message.method === 'Page.loadEventFired') {
      loaded?.();
    } else if (message.method === 'Network.requestWillBeSent') {
      requests.push(z.looseObject({ request: z.looseObject({ url: z.string() }) }).parse(message.params).request.url);
    }
  });
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  const send = async (method: string, params: object = {}, sessionId?: string): Promise<unknown> => {
    last += 1;
    const id = last;
    return await new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  };
  const { targetId } = z
    .looseObject({ targetId: z.string() })
    .parse(await send('Target.createTarget', { url: 'about:blank' }));
  const attached = await send('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = z.looseObject({ sessionId: z.string() }).parse(attached);
  for (const domain of ['Page', 'Runtime', 'Network']) {
    await send(`${domain}.enable`, {}, sessionId);
  }
  return {
    open: async (url) => {
      const done = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send('Page.navigate', { url }, sessionId);
      await done;
    },
    evaluate: async (expression) => {
      const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
      const { result, exceptionDetails } = z
        .looseObject({
          result: z.looseObject({ value: z.unknown().optional() }),
          exceptionDetails: z.unknown().optional(),
        })
        .parse(answer);
      if (exceptionDetails !== undefined) {
        throw new Error(`the page threw: ${JSON.stringify(exceptionDetails)}`);
      }
      return result.value;
    },
    requested: () => requests,
  };
}
