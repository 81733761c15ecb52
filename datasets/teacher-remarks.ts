// What a person must be told of a distillation: inputs without an answer.
import type { DistilledSource } from '../domain/dataset.ts';

/** One sentence for each thing that is missing; none when every input was answered. */
export function teacherRemarks(distilled: readonly DistilledSource[]): string[] {
  return distilled.flatMap(({ source, model, inputs, unasked, failed }) => [
    ...(unasked === 0
      ? []
      : [
          `the budget of the teacher ${model} is spent: ${unasked} of ${inputs} inputs of ${source} were not asked; with a higher budget under distill.teacher the rest is asked`,
        ]),
    ...(failed === 0
      ? []
      : [
          `the teacher ${model} could not answer ${failed} of ${inputs} inputs of ${source}; the next curation asks them again`,
        ]),
  ]);
}
