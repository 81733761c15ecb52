// The recipe's `train` block, with the key names that Axolotl users know.
import { z } from 'zod';
import { defaultGpuQueue } from './names.ts';

export const trainSchema = z
  .strictObject({
    backend: z.enum(['peft']).default('peft').describe('Training library: transformers with PEFT.'),
    adapter: z.enum(['lora']).default('lora').describe('Kind of adapter.'),
    lora_r: z.int().positive().default(16).describe('Rank of the LoRA matrices.'),
    lora_alpha: z.number().min(1e-3).max(1e6).default(32).describe('LoRA scaling; the update is scaled by alpha / r.'),
    lora_dropout: z.number().min(0).max(0.9).default(0).describe('Dropout on the LoRA input.'),
    lora_target_modules: z
      .union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)])
      .default('all-linear')
      .describe('Modules that get an adapter: `all-linear` or a list of names.'),
    learning_rate: z.number().positive().max(1).default(2e-4).describe('Peak learning rate of AdamW.'),
    num_epochs: z.int().positive().default(1).describe('Passes over the training rows.'),
    micro_batch_size: z.int().positive().default(8).describe('Rows per forward pass.'),
    gradient_accumulation_steps: z.int().positive().default(1).describe('Forward passes per optimizer step.'),
    sequence_len: z.int().min(8).default(1024).describe('Longest row in tokens; longer rows are an error, never cut.'),
    lr_scheduler: z.enum(['cosine', 'linear', 'constant']).default('cosine').describe('Learning-rate schedule.'),
    warmup_ratio: z.number().min(0).max(1).default(0.03).describe('Share of the steps that warm up.'),
    weight_decay: z.number().min(0).max(1).default(0).describe('Decoupled weight decay of AdamW.'),
    max_grad_norm: z.number().min(1e-6).max(1e6).default(1).describe('Gradient clipping by global norm.'),
    save_steps: z.int().positive().default(50).describe('Optimizer steps between two checkpoints.'),
    seed: z.int().nonnegative().default(7).describe('Seed of initialisation and row order.'),
    launcher: z.enum(['process']).default('process').describe('How the trainer is started on the worker.'),
    queue: z
      .string()
      .regex(/^gpu-[a-z0-9-]+$/u, 'must look like gpu-24g: "gpu-" and a class name')
      .default(defaultGpuQueue)
      .describe('Task queue of the workers that may run the job.'),
    max_hours: z
      .number()
      .positive()
      .default(24)
      .describe('Hard limit on one trainer process in hours; the run then fails and keeps its checkpoints.'),
  })
  .describe('How the candidate is trained.');
