/** Functions of vectors that work on each value or on labels alone. */
import { badData } from './errors.ts';
import { type Labels, patternOf } from './series.ts';
import { mapRow, merged, type Row, withoutName } from './vector.ts';

/** Functions of one value and further numbers. */
export const ELEMENTWISE: Readonly<Record<string, (value: number, ...numbers: readonly number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  clamp: (value, least = Number.NaN, most = Number.NaN) => Math.max(least, Math.min(most, value)),
  clamp_min: (value, least = Number.NaN) => Math.max(least, value),
  clamp_max: (value, most = Number.NaN) => Math.min(most, value),
  round: (value, to = 1) => Math.floor(value / to + 0.5) * to,
};

export function mapValues(rows: readonly Row[], change: (value: number, step: number) => number): Row[] {
  return merged(rows.map((row) => mapRow(row, withoutName(row.labels), change)));
}

const LABEL_NAME = /^[A-Za-z_]\w*$/;

/** `label_replace(v, target, replacement, source, pattern)`: `$1` and `${name}` are groups of the pattern. */
export function replaceLabel(rows: readonly Row[], texts: readonly string[]): Row[] {
  const [target = '', replacement = '', source = '', pattern = ''] = texts;
  if (!LABEL_NAME.test(target)) throw badData(`invalid destination label name in label_replace(): ${target}`);
  const matches = patternOf(pattern);
  return relabelled(rows, (labels) => {
    const found = matches.exec(labels[source] ?? '');
    return found === null ? labels : withLabel(labels, target, expanded(replacement, found));
  });
}

/** `label_join(v, target, separator, source…)`. */
export function joinLabels(rows: readonly Row[], texts: readonly string[]): Row[] {
  const [target = '', separator = '', ...sources] = texts;
  if (!LABEL_NAME.test(target)) throw badData(`invalid destination label name in label_join(): ${target}`);
  return relabelled(rows, (labels) =>
    withLabel(labels, target, sources.map((source) => labels[source] ?? '').join(separator)),
  );
}

function relabelled(rows: readonly Row[], change: (labels: Labels) => Labels): Row[] {
  return merged(rows.map((row) => ({ ...row, labels: change(row.labels) })));
}

/** A label with an empty value is no label. */
function withLabel({ ...labels }: Labels, name: string, value: string): Labels {
  const { [name]: _, ...others } = labels;
  return value === '' ? others : { ...others, [name]: value };
}

/** As Go expands: the longest name of letters, digits and underscores, or one in braces; `$$` is a dollar. */
function expanded(template: string, found: RegExpExecArray): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (variable: string, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return variable === '$$' ? '$' : '';
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? '';
  });
}
