// What an arm is asked for a row, and the digest under which the answer is kept.
import type { AskBase } from '../../domain/stage-inputs.ts';
import type { SuiteRow } from '../../domain/suite.ts';
import { renderMessages } from '../../evals/prompt.ts';
import type { AskedSuite } from '../asked-suite.ts';
import type { Question } from '../clients/model-client.ts';
import { requestDigest } from '../request-cache.ts';
import type { PackScope } from './answer-packs.ts';

export interface RowQuestion {
  /** 64 hexadecimal digits. Rows with equal inputs have one question. */
  readonly digest: string;
  readonly question: Omit<Question, 'signal'>;
}

/** The question of a row; `repeat` counts from 0. */
export type RowQuestions = (row: SuiteRow, repeat: number) => RowQuestion;

export function rowQuestions(suite: AskedSuite, base: AskBase): RowQuestions {
  const { arm, cacheEpoch: epoch } = base;
  const { maxTokens } = suite;
  const identity = identityOf(base);
  const shots = arm.shots === 0 ? [] : suite.shots;
  // Sampling is what repeats are for; a single answer is greedy.
  const sampled = suite.repeats > 1 ? { temperature: 1 } : {};
  // Our server takes messages alone, and the candidate learnt the tools from its system message.
  const isOurs = arm.provider === 'served' || arm.provider === 'stand-in';
  const asked = {
    ...(suite.logprobs === true ? { logprobs: true } : {}),
    ...(suite.responseSchema === undefined || arm.endpoint?.structured !== true
      ? {}
      : { responseSchema: suite.responseSchema }),
  };
  return (row, repeat) => {
    const tools = row.tools ?? suite.tools;
    const messages = renderMessages(suite.prompt, row, shots, isOurs ? tools : undefined);
    const own = isOurs || tools === undefined ? asked : { ...asked, tools };
    const digest = requestDigest({ identity, model: arm.model, messages, maxTokens, epoch, ...own, repeat });
    return { digest, question: { messages, maxTokens, ...own, ...sampled } };
  };
}

/** The packs in which an arm's answers lie. */
export function packScopeOf(suite: AskedSuite, base: AskBase): PackScope {
  return { identity: identityOf(base), model: base.arm.model, epoch: base.cacheEpoch, prompt: suite.prompt };
}

/** Two endpoints may serve different weights under one model id, so answers belong to the endpoint too. */
function identityOf({ arm, identity }: AskBase): string {
  const { base_url: url, resource, project, region } = arm.endpoint ?? {};
  const place = [url, resource, project, region].filter((part) => part !== undefined).join(' ');
  return place === '' ? identity : `${identity} at ${place}`;
}
