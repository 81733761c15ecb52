// What a hub's refusal means to the person who asked: the model, the revision, its terms, the token, or a bad hour.
import { BadInput } from '../domain/bad-input.ts';
import { Fault } from '../domain/fault.ts';
import type { Hub, HubPlace } from './hub-api.ts';

/** The field of a recipe that names the place. */
export function whereOf({ kind }: Pick<HubPlace, 'kind'>): string {
  return kind === 'dataset' ? 'dataset.sources' : 'model.base';
}

/**
 * The error for an answer of the hub itself. Hubs say which case it is in `X-Error-Code`; a model that is not there
 * and one that is private look the same to who has no token.
 */
export function refusal(hub: Hub, place: HubPlace, answer: Response): BadInput | Fault {
  const { id, revision, kind = 'model' } = place;
  const code = answer.headers.get('x-error-code');
  const where = whereOf(place);
  const page = `${hub.endpoint}/${kind === 'dataset' ? 'datasets/' : ''}${id}`;
  if (code === 'GatedRepo') {
    return hub.token === undefined
      ? new BadInput(`${id} is gated, and there is no token`, {
          where,
          hint: `accept its terms at ${page}, then set HF_TOKEN to a token of that account`,
        })
      : new BadInput(`${id} is gated, and the account of HF_TOKEN may not read it`, {
          where,
          hint: `accept its terms at ${page} with that account; some owners let in by hand`,
        });
  }
  if (code === 'RevisionNotFound') {
    return new BadInput(`${id} has no revision "${revision}"`, {
      where: kind === 'dataset' ? where : 'model.revision',
      hint: `its branches, tags and commits are listed at ${page}/commits/main`,
    });
  }
  if (code === 'EntryNotFound') {
    return new BadInput(`${id} at ${revision} lacks a file that it listed`, { where });
  }
  if (code === null && answer.status === 401 && hub.token !== undefined) {
    return new BadInput('the hub does not accept the token in HF_TOKEN', {
      where: 'HF_TOKEN',
      hint: 'it may be mistyped, expired or of another hub; unset it for what anyone may read',
    });
  }
  if (code === 'RepoNotFound' || answer.status === 404 || answer.status === 401) {
    return new BadInput(`the hub has no ${kind} "${id}"`, {
      where,
      hint:
        hub.token === undefined
          ? `check the spelling; a private ${kind} needs HF_TOKEN`
          : `check the spelling; the account of HF_TOKEN may not see a private ${kind}`,
    });
  }
  if (answer.status === 403) {
    return new BadInput(`the hub does not let this account read ${id}`, {
      where,
      hint: 'check the rights of HF_TOKEN',
    });
  }
  return new Fault(`the hub answered ${answer.status}`, { where, hint: 'try again later' });
}
