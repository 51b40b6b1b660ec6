/** A series that cannot be used, for a message: what its owner needs to find it. Pure. */
import * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import { oneLine } from './errors.ts';

/** Characters of a value. */
const VALUE_LENGTH = 60;

/** The labels that most series have, the most helpful first. */
const USUAL_LABELS = [
  'job',
  'instance',
  'cluster',
  'namespace',
  'pod',
  'container',
  'node',
  'k8s_pod_name',
  'host_name',
];
const MOST_LABELS = 4;

const seriesSchema = z.object({ metric: z.record(z.string(), z.string()) });

/** `up{job="node",instance="…"}`; undefined where it has no labels that are texts. */
export function seriesText(series: unknown): string | undefined {
  const labels = seriesSchema.safeParse(series).data?.metric;
  if (labels === undefined) return undefined;
  const { __name__: name = '' } = labels;
  const shown = USUAL_LABELS.flatMap((label) => (labels[label] ? [`${label}="${valueText(labels[label])}"`] : []));
  return `${valueText(name)}{${shown.slice(0, MOST_LABELS).join(',')}}`;
}

function valueText(value: string): string {
  const line = oneLine(value);
  return line.length > VALUE_LENGTH ? `${line.slice(0, VALUE_LENGTH)}…` : line;
}

/** What is wrong with a series, and which one it is. */
export function seriesFault(series: unknown, error: z.ZodError): string {
  const [fault = error.message] = describeIssues(error);
  const name = seriesText(series);
  return name === undefined ? fault : `${oneLine(fault)}, in ${name}`;
}
