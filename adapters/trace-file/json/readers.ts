/** The kinds of JSON documents of other tools that are read as they are. */
import { printable } from '../printable.ts';
import { azureMetrics } from './azure.ts';
import { getMetricData, getMetricStatistics } from './cloudwatch.ts';
import type { DocumentReader } from './document.ts';
import { prometheusRange } from './prometheus.ts';
import { sysstatJson } from './sysstat.ts';

const READERS: readonly DocumentReader[] = [
  getMetricData,
  getMetricStatistics,
  azureMetrics,
  prometheusRange,
  sysstatJson,
];

/** The reader for a document; undefined where it is of no kind that is read. */
export function readerFor(json: unknown): DocumentReader | undefined {
  return READERS.find((reader) => reader.matches(json));
}

const KINDS = READERS.map(({ name }) => name).join(', ');

/** Names of fields of an unknown document that are shown, and characters of all of them. */
const SHOWN_FIELDS = 6;
const MOST_SHOWN = 120;

/** Describes a document that no reader takes, and what to do about it. */
export function describeUnknown(json: unknown): string {
  const fields = typeof json === 'object' && json !== null ? Object.keys(json).slice(0, SHOWN_FIELDS).join(', ') : '';
  const what = Array.isArray(json)
    ? 'a list: NDJSON has one object a line and no list around them (jq -c ".[]" writes it)'
    : `one JSON document${fields === '' ? '' : ` with the fields ${printable(fields, MOST_SHOWN)}`}`;
  return `${what}; it is none of those that are read (${KINDS}): write an object a line, {"time": "2026-11-20T12:00:00Z", "host": "web-1", "percent": 41.5}, or read the account itself with --provider`;
}
