// What stands beside input and output in any shape: worse answer, group, time and tags, by columns of the recipe.
import type { ColumnMap, MappedRow } from '../map-row.ts';
import { answerText, cellText } from './cell-text.ts';
import { columnText } from './columns.ts';
import { fieldPath, fieldValue, type FieldPath } from './field-path.ts';
import { isoTime } from './iso-time.ts';
import type { Drop, Fields, ShapeRow } from './shape-row.ts';

/** Adds the columns of the map to a row. Throws BadInput for a column that the first record does not have. */
export function sideFields(
  map: ColumnMap,
  first: Fields,
  where: string,
): (row: ShapeRow, fields: Fields) => MappedRow | Drop {
  const find = (name: string | undefined): FieldPath | undefined =>
    name === undefined ? undefined : fieldPath(name, first, where);
  const [rejected, group, time] = [find(map.rejected), find(map.group), find(map.time)];
  const tags = Object.entries(map.tags ?? {}).map(([name, column]) => ({
    name,
    path: fieldPath(column, first, where),
  }));
  const ownModel = tags.some(({ name }) => name === 'model');

  return (row, fields) => {
    const worse = rejected === undefined ? row.rejected : columnText(rejected, fields, answerText);
    if (typeof worse === 'object') {
      return worse;
    }
    const cluster = group === undefined ? undefined : columnText(group, fields, cellText);
    if (typeof cluster === 'object') {
      return cluster;
    }
    const moment = time === undefined ? undefined : momentOf(time, fields);
    if (typeof moment === 'object') {
      return moment;
    }
    const texts: [string, string][] = row.model === undefined || ownModel ? [] : [['model', row.model]];
    for (const { name, path } of tags) {
      const text = columnText(path, fields, cellText);
      if (typeof text !== 'string') {
        return text;
      }
      texts.push([name, text]);
    }
    const { input, output, messages, tools } = row;
    return {
      input,
      output,
      rejected: worse,
      group: cluster,
      time: moment,
      // fromEntries defines members, so that a tag named __proto__ stays a tag.
      tags: texts.length === 0 ? undefined : Object.fromEntries(texts),
      messages,
      tools,
    };
  };
}

function momentOf(path: FieldPath, fields: Fields): string | undefined | Drop {
  const value = fieldValue(path, fields);
  if (value === undefined) {
    return { rule: 'malformed_record', detail: `has no key ${JSON.stringify(path.name)}` };
  }
  if (value === null || (typeof value === 'string' && value.trim() === '')) {
    return undefined;
  }
  return (
    isoTime(value) ?? {
      rule: 'invalid_time',
      detail: `the value of ${JSON.stringify(path.name)} is no ISO 8601 time and no seconds since 1970`,
    }
  );
}
