// A plan as text: what a person reads before a run.
import Table from 'cli-table3';
import type { LicenceFinding } from '../domain/licences.ts';
import type { MemoryEstimate } from '../domain/preflight.ts';
import type { BaselineCost, BreakEven } from '../evals/preflight/baseline-cost.ts';
import type { DistillationCost } from '../evals/preflight/distillation-cost.ts';
import { charactersPerToken } from '../evals/preflight/guessed-tokens.ts';
import type { DevicePlan } from './plan-candidate.ts';
import { gib, hoursText } from './plan-problems.ts';
import type { LabelledPlan, RecipePlan } from './plan-recipe.ts';

const plain = { head: [], border: [], compact: true };

/** The whole plan. */
export function planText(plan: RecipePlan): string {
  const single = plan.candidates.length === 1;
  return [
    `plan of ${plan.name}`,
    rowsText(plan),
    ...(plan.distillations.length === 0 ? [] : ['distillation']),
    ...plan.distillations.map((cost) => `  ${distillationText(cost)}`),
    ...plan.candidates.map((candidate) => candidateText(candidate, single)),
    ...(single ? [] : [totalsText(plan)]),
    'evaluation by the baselines',
    ...plan.baselines.map((cost) => `  ${baselineText(cost)}`),
    ...plan.breakEven.map((one) => `  ${breakEvenText(one)}`),
    'licences',
    ...plan.licences.map((finding) => `  ${licenceText(finding)}`),
    ...plan.remarks.map((remark) => `remark: ${remark}`),
    ...plan.problems.map(({ where, message, hint }) => `problem: ${where}: ${message}; ${hint}`),
    plan.problems.length === 0 ? 'it can run' : 'it cannot run as it is',
  ].join('\n');
}

function rowsText({ rows: { read, train, validation, test, dropped } }: RecipePlan): string {
  const rules = Object.entries(dropped).map(([rule, count]) => `${rule} ${count}`);
  const lost = rules.length === 0 ? 'none dropped' : `dropped: ${rules.join(', ')}`;
  return `rows  ${train} train, ${validation} validation, ${test} test of ${read} read; ${lost}`;
}

function candidateText(candidate: LabelledPlan, single: boolean): string {
  const { base, parameters, trainedParameters, tokens, tokensFrom, memory, devices, id, label } = candidate;
  const size = parameters === null ? '' : `, ${whole(parameters)} parameters`;
  const trained = trainedParameters === null ? '' : `, ${whole(trainedParameters)} of them trained`;
  const how =
    tokensFrom === 'tokenizer'
      ? 'counted by the base’s tokenizer'
      : `estimated: ${charactersPerToken} characters a token, because the base is not on this machine`;
  const head = single ? `base  ${base}${size}${trained}` : `${id}  ${label}: ${base}${size}${trained}`;
  const counts =
    `tokens  ${whole(tokens.total)} an epoch, ${whole(tokens.learnt)} of them learnt; ` +
    `rows of ${tokens.p50} (median), ${tokens.p90} (90 %), ${tokens.p99} (99 %), ${tokens.max} (longest) tokens; ${how}`;
  const [first] = devices;
  if (!single && first !== undefined) {
    const need = memory === null ? 'memory unknown' : `${gib(memory.bytes)} GiB`;
    return `${head}\n  ${need}, ${fitText(first)} on ${first.device}, ${timeText(first)}, ${usdText(first.usd)}`;
  }
  return [head, counts, memory === null ? memoryUnknown : memoryText(memory), deviceTable(devices)].join('\n');
}

const memoryUnknown = 'memory  not estimated: the shape of this base is not known, or it is a mixture of experts';

function memoryText({ parts, bytes, device }: MemoryEstimate): string {
  const table = new Table({ head: ['part', 'GiB', 'how'], colAligns: ['left', 'right', 'left'], style: plain });
  for (const part of parts.filter((one) => one.bytes > 0)) {
    table.push([part.name, (part.bytes / 2 ** 30).toFixed(2), part.how]);
  }
  const trust = 'estimated; within 20 % where it was measured, see docs/preflight.md';
  table.push(['sum', (bytes / 2 ** 30).toFixed(2), `at the peak; ${trust}`]);
  return `memory on ${device === 'cpu' ? 'the CPU' : 'each GPU'}\n${table.toString()}`;
}

function deviceTable(devices: readonly DevicePlan[]): string {
  const table = new Table({
    head: ['device', 'GiB usable', 'memory', 'time', 'cost', 'speed'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left'],
    style: plain,
  });
  for (const device of devices) {
    const room = Number.isFinite(device.memoryBytes) ? gib(device.memoryBytes) : 'unknown';
    const speed = device.tokensPerSecond === null ? '' : `${whole(Math.round(device.tokensPerSecond))} tokens/s, `;
    table.push([device.device, room, fitText(device), timeText(device), usdText(device.usd), speed + device.speedFrom]);
  }
  return table.toString();
}

function totalsText({ totals, candidates }: RecipePlan): string {
  const hours = totals.hours === null ? 'time unknown' : hoursText(totals.hours);
  return `all ${candidates.length} candidates, one after the other: ${hours}, ${usdText(totals.usd)}`;
}

function baselineText({ model, provider, requests, typicalUsd, mostUsd, remark }: BaselineCost): string {
  const cost =
    typicalUsd === null || mostUsd === null ? 'cost' : `$${typicalUsd.toFixed(4)} (at most $${mostUsd.toFixed(4)}),`;
  return `${model} (${provider}): ${requests} requests, ${cost} ${remark}`;
}

function distillationText(cost: DistillationCost): string {
  const { source, model, provider, inputs, answered, promptTokens, typicalUsd, mostUsd, remark } = cost;
  const before = answered === 0 ? '' : `, ${whole(answered)} answered before`;
  const most = mostUsd === null ? '' : `at most $${mostUsd.toFixed(4)}`;
  const usd = typicalUsd === null ? most : `$${typicalUsd.toFixed(4)} (${most})`;
  return `${source} by ${model} (${provider}): ${whole(inputs)} inputs${before}; about ${whole(promptTokens)} tokens to send, ${usd === '' ? '' : `${usd}, `}${remark}`;
}

function breakEvenText({ model, requestsPerMonth, tokensPerMonth, gpuUsdPerMonth, missing }: BreakEven): string {
  if (requestsPerMonth === null || tokensPerMonth === null || gpuUsdPerMonth === null) {
    return `break-even with ${model}: unknown: needs ${missing}`;
  }
  return (
    `break-even with ${model}: ${whole(Math.round(requestsPerMonth))} requests (${whole(Math.round(tokensPerMonth))} tokens) a month ` +
    `cost what one GPU does, $${gpuUsdPerMonth.toFixed(0)}; whether it can serve them is not looked at`
  );
}

function licenceText({ subject, licence, level, why, signedOffBy }: LicenceFinding): string {
  const state = {
    fine: 'fine',
    sign_off: signedOffBy === null ? 'sign-off needed' : `signed off by ${signedOffBy}`,
    block: signedOffBy === null ? 'blocks promotion' : `blocked, signed off by ${signedOffBy}`,
  }[level];
  return `${subject}: ${licence}: ${state}: ${why}`;
}

function fitText({ fit }: DevicePlan): string {
  return { fits: 'fits', tight: 'tight', does_not_fit: 'does not fit', unknown: 'unknown' }[fit];
}

function timeText({ hours }: DevicePlan): string {
  return hours === null ? 'unknown' : hoursText(hours);
}

function usdText(usd: number | null): string {
  return usd === null ? 'no price set' : `$${usd.toFixed(2)}`;
}

function whole(value: number): string {
  return value.toLocaleString('en');
}
