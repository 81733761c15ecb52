// One request to a model hub: redirects followed by hand, and the token for the hub's own origin alone.
import { Fault } from '../domain/fault.ts';
import { BadInput } from '../domain/bad-input.ts';
import { refusal, whereOf } from './hub-refusal.ts';

export interface Hub {
  /** Origin and path prefix, without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
}

/** A model, or a dataset, at a revision: what a request and its refusal are about. */
export interface HubPlace {
  readonly id: string;
  readonly revision: string;
  /** A model when absent. */
  readonly kind?: 'dataset';
}

export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const defaultEndpoint = 'https://huggingface.co';
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u;
/** A hub answers within seconds or not at all. Reading the body afterwards has no limit here. */
const answerMs = 60_000;
const maxRedirects = 5;

/** The hub that the environment names: `HF_ENDPOINT` and `HF_TOKEN`. Throws BadInput for an address that is none. */
export function hubOf(environment: NodeJS.ProcessEnv): Hub {
  const text = environment['HF_ENDPOINT'] ?? '';
  const token = environment['HF_TOKEN'] ?? '';
  const url = URL.parse(text === '' ? defaultEndpoint : text);
  const where = 'HF_ENDPOINT';
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw new BadInput('the hub’s address is not a plain http or https URL', {
      where,
      hint: `leave the variable out for ${defaultEndpoint}`,
    });
  }
  if (token !== '' && url.protocol === 'http:' && !loopback.test(url.hostname)) {
    throw new BadInput(`the token would be sent to ${url.host} without encryption`, {
      where,
      hint: 'use an https address, or unset HF_TOKEN',
    });
  }
  return { endpoint: url.href.replace(/\/+$/u, ''), token: token === '' ? undefined : token };
}

/**
 * An answer below 300, its body unread. Throws BadInput when asking again would change nothing, and a Fault when a
 * later try may succeed. Neither names a URL: those of content networks carry signatures.
 */
export async function askHub(hub: Hub, place: HubPlace, path: string, request: HubRequest = {}): Promise<Response> {
  const home = new URL(hub.endpoint);
  let url = new URL(`${hub.endpoint}${path}`);
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const own = url.origin === home.origin;
    const token: Record<string, string> =
      own && hub.token !== undefined ? { authorization: `Bearer ${hub.token}` } : {};
    const answer = await ask(url, place, { ...request, headers: { ...request.headers, ...token } });
    if (answer.ok) {
      return answer;
    }
    await answer.body?.cancel();
    const location = answer.headers.get('location');
    if (answer.status >= 400 || location === null) {
      throw own
        ? refusal(hub, place, answer)
        : new Fault(`${url.host} answered ${answer.status}`, { where: whereOf(place) });
    }
    url = new URL(location, url);
    if (url.protocol !== 'https:' && home.protocol === 'https:') {
      throw new Fault(`the hub redirects to ${url.host} without encryption`, { where: 'HF_ENDPOINT' });
    }
  }
  throw new Fault('the hub redirects in a circle', { where: 'HF_ENDPOINT' });
}

async function ask(url: URL, place: HubPlace, { method = 'GET', headers, signal }: HubRequest): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), answerMs);
  try {
    return await fetch(url, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      signal: signal === undefined ? patience.signal : AbortSignal.any([signal, patience.signal]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new Fault(`the hub does not answer at ${url.host}${code}`, {
      where: whereOf(place),
      hint: `check the network; HF_ENDPOINT names another hub or mirror; or give the path of ${place.kind === 'dataset' ? 'files on this machine' : 'a folder that has the model'}`,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
