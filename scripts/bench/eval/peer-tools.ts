// lm-eval, promptfoo and inspect_ai on the same rows, prompt and endpoint, each set as its documentation says.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../../infra/settings.ts';
import { promptFor } from './bench-rows.ts';
import { peerVersions, type PeerFolder } from './peer-folder.ts';
import type { Tool } from './tool.ts';

const offline = { HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1', DO_NOT_TRACK: '1' };
const lmEvalResult = z.object({ results: z.object({ bench: z.object({ 'exact_match,none': z.number() }) }) });
const promptfooResult = z.object({
  results: z.object({ stats: z.object({ successes: z.int(), failures: z.int(), errors: z.int() }) }),
});
const inspectResult = z.object({
  results: z.object({
    scores: z.tuple([z.object({ metrics: z.object({ mean: z.object({ value: z.number() }) }) })]),
  }),
});

export function lmEval({ bin }: PeerFolder): Tool {
  return {
    name: 'lm-eval',
    version: peerVersions.lm_eval,
    arms: 1,
    async prepare({ folder, jsonl }) {
      await mkdir(join(folder, 'tasks'), { recursive: true });
      const task = {
        task: 'bench',
        dataset_path: 'json',
        dataset_kwargs: { data_files: { test: jsonl } },
        test_split: 'test',
        output_type: 'generate_until',
        doc_to_text: promptFor('{{text}}'),
        doc_to_target: '{{label}}',
        generation_kwargs: { until: ['\n'], max_gen_toks: 16, temperature: 0 },
        metric_list: [{ metric: 'exact_match', aggregation: 'mean', higher_is_better: true }],
      };
      await writeFile(join(folder, 'tasks', 'bench.yaml'), stringify(task));
    },
    command({ folder, url, concurrency }) {
      const model = `model=stub,base_url=${url}/chat/completions,num_concurrent=${concurrency},tokenizer_backend=None`;
      const args = ['run', '--model', 'local-chat-completions', '--apply_chat_template', '--model_args', model];
      return {
        file: join(bin, 'lm_eval'),
        args: [...args, '--tasks', 'bench', '--include_path', 'tasks', '--output_path', 'out'],
        env: { ...offline, OPENAI_API_KEY: 'x', HF_HOME: join(folder, 'hf') },
      };
    },
    async accuracy({ folder }) {
      const files = await readdir(join(folder, 'out'), { recursive: true });
      // Each round adds one, with the time in its name.
      const newest =
        files
          .filter((file) => /results_[^/]*\.json$/u.test(file))
          .toSorted()
          .at(-1) ?? '';
      return lmEvalResult.parse(await readJson(join(folder, 'out', newest))).results.bench['exact_match,none'];
    },
  };
}

export function promptfoo({ promptfoo: entry }: PeerFolder): Tool {
  return {
    name: 'promptfoo',
    version: peerVersions.promptfoo,
    arms: 1,
    async prepare({ folder, csv, url }) {
      const config = { apiBaseUrl: url, apiKey: 'x', temperature: 0, max_tokens: 16 };
      const file = {
        providers: [{ id: 'openai:chat:stub', config }],
        prompts: [promptFor('{{text}}')],
        defaultTest: { assert: [{ type: 'equals', value: '{{label}}' }] },
        tests: `file://${csv}`,
      };
      await writeFile(join(folder, 'promptfooconfig.yaml'), stringify(file));
    },
    command({ folder, concurrency }) {
      const args = [entry, 'eval', '-c', 'promptfooconfig.yaml', '-j', String(concurrency)];
      return {
        file: process.execPath,
        args: [...args, '--no-cache', '--no-table', '--no-progress-bar', '-o', 'out.json'],
        env: {
          PROMPTFOO_CONFIG_DIR: join(folder, 'config'),
          PROMPTFOO_DISABLE_TELEMETRY: '1',
          PROMPTFOO_DISABLE_UPDATE: '1',
          PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
        },
      };
    },
    async accuracy({ folder }) {
      const { stats } = promptfooResult.parse(await readJson(join(folder, 'out.json'))).results;
      return stats.successes / (stats.successes + stats.failures + stats.errors);
    },
  };
}

export function inspectAi({ bin }: PeerFolder): Tool {
  return {
    name: 'inspect_ai',
    version: peerVersions.inspect_ai,
    arms: 1,
    async prepare({ folder }) {
      // It takes no task file from outside its working folder.
      await copyFile(join(packageRoot, 'scripts', 'bench', 'eval', 'inspect_task.py'), join(folder, 'bench.py'));
    },
    command({ url, jsonl, concurrency }) {
      const limits = ['--max-connections', String(concurrency), '--max-samples', String(concurrency)];
      const args = ['eval', 'bench.py', '--model', 'openai-api/stub/stub', ...limits, '-T', `rows=${jsonl}`];
      return {
        file: join(bin, 'inspect'),
        args: [...args, '--temperature', '0', '--max-tokens', '16', '--display', 'none', '--no-log-realtime'],
        env: { ...offline, STUB_API_KEY: 'x', STUB_BASE_URL: url, INSPECT_LOG_DIR: 'logs' },
      };
    },
    async accuracy({ folder }) {
      const newest = (await readdir(join(folder, 'logs'))).toSorted().at(-1) ?? '';
      const log = join(folder, 'logs', newest);
      const { stdout } = await execa(join(bin, 'inspect'), ['log', 'dump', '--header-only', log]);
      return inspectResult.parse(JSON.parse(stdout)).results.scores[0].metrics.mean.value;
    },
  };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
