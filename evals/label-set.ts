// The label set of a suite that states none: the labels that its expected answers use.
import type { Task } from '../domain/task.ts';
import { namedLabels } from './tasks/multi-label.ts';
import { entityLabels } from './tasks/ner.ts';

/** Distinct labels of expected answers, sorted; empty for tasks without labels. */
export function labelSet(task: Task, outputs: readonly string[]): string[] {
  switch (task) {
    case 'classification':
      return sorted(outputs);
    case 'multi_label':
      return sorted(outputs.flatMap((output) => namedLabels(output)));
    case 'ner':
      return sorted(outputs.flatMap((output) => entityLabels(output)));
    case 'extraction':
    case 'summarization':
    case 'generation':
    case 'tool_calls':
      return [];
    default:
      return task satisfies never;
  }
}

function sorted(labels: readonly string[]): string[] {
  return [...new Set(labels)].toSorted();
}
