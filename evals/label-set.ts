// The label set of a suite that states none: the labels that its expected answers use.
import type { Task } from '../domain/task.ts';
import { refusalLabels } from './refusal.ts';
import type { Suite } from './suite.ts';
import { namedLabels } from './tasks/multi-label.ts';
import { entityLabels } from './tasks/ner.ts';

/** The labels of a suite: those of its parser, those stated, or those that its expected answers use. */
export function labelsOf(
  { task, parser, labels }: { task: Task; parser?: Suite['parser']; labels?: readonly string[] | undefined },
  outputs: readonly string[],
): readonly string[] {
  return parser === 'refusal' ? refusalLabels : (labels ?? labelSet(task, outputs));
}

/** Distinct labels of expected answers, sorted; empty for tasks without labels. */
function labelSet(task: Task, outputs: readonly string[]): string[] {
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
