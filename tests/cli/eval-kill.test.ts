// Guarantee 1 for evaluations: killed at any moment, no answer that arrived is asked for again.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createEvalProject, numberedRows, rightAnswer, type EvalJson } from './eval-project.ts';
import { startMoody } from './moody-endpoint.ts';

it('an evaluation that is killed again and again pays for every row once', { timeout: 180_000 }, async () => {
  const project = await createEvalProject();
  const arms = await Promise.all(
    [0, 1].map(async () => await startMoody((text) => ({ kind: 'answer', text: rightAnswer(text), delayMs: 25 }))),
  );
  const path = await project.writeSuite('killed', numberedRows(400));
  const [model = '', baseline = ''] = arms.map(({ url }) => `openai-compatible/m,base_url=${url},max_concurrency=4`);
  const args = [path, '--model', model, '--baseline', baseline, '--shard-rows', '100', '--json'];
  const answers = (): number => arms.reduce((sum, { answered }) => sum + answered.length, 0);
  const kills: number[] = [];
  for (const after of [30, 170, 310, 500, 640]) {
    const running = project.start(args);
    while (answers() < after) {
      await sleep(5);
    }
    kills.push(performance.now());
    running.kill('SIGKILL');
    await running;
  }
  const { stdout } = await project.start(args);
  await Promise.all(arms.map(async (arm) => await arm.close()));
  await project.remove();

  const { scorecards } = JSON.parse(stdout) as EvalJson;
  expect(scorecards.map(({ n, correct, errors }) => [n, correct, errors])).toEqual([
    [400, 400, 0],
    [400, 400, 0],
  ]);
  const again = arms.flatMap(({ answered, answeredAt }) =>
    answered.flatMap((text, at) => (answered.indexOf(text) < at ? [answeredAt[answered.indexOf(text)] ?? 0] : [])),
  );
  // An answer needs a moment from the endpoint to the process; one that goes out while that dies is lost with it.
  const received = again.filter((at) => kills.every((kill) => at < kill - 15 || at > kill + 500));
  process.stdout.write(
    `${kills.length} kills of 800 rows: ${received.length} answers that had arrived were paid twice, ` +
      `${again.length - received.length} that were on their way\n`,
  );
  expect(received).toEqual([]);
  expect(again.length).toBeLessThanOrEqual(kills.length * arms.length * 4);
  expect(arms.map(({ answered }) => new Set(answered).size)).toEqual([400, 400]);
});
