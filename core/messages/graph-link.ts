/**
 * A link to the provider's own graph of a host's memory: what a person looks at first. It is made only where the host's id has the
 * form that the provider gives: other text has no business in a URL that people click on.
 */
import { partitionOfRegion } from '../model/aws-partition.ts';
import { isoText } from '../model/notation.ts';
import type { Resource, Window } from '../model/series.ts';

/** The host of the console by partition; partitions apart from the internet have none that is known. */
export const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** What agents call the memory of Linux, of Windows and of a node of Kubernetes. */
const AWS_METRICS = ['mem_used_percent', 'Memory % Committed Bytes In Use', 'node_memory_utilization'];

const GCP_METRIC = 'agent.googleapis.com/memory/percent_used';

/** The host over a span, or over the last week; null where there is no such graph. */
export function graphLink(host: Resource, span?: Window): string | null {
  switch (host.provider) {
    case 'aws':
      return cloudWatch(host, span);
    case 'gcp':
      return metricsExplorer(host, span);
    case 'azure':
      return portal(host);
    // A server's address is in the config: a template of `links` leads to its graphs.
    case 'prometheus':
    case 'otlp':
    case 'local':
      return null;
  }
}

/**
 * The search finds the metric whichever dimensions its agent has added. The address ends with the query of the search field: programs
 * that make links of addresses in a text may leave a parenthesis at the end out.
 */
function cloudWatch({ region, id }: Resource, span: Window | undefined): string | null {
  const console = CONSOLES[partitionOfRegion(region ?? '') ?? ''];
  if (console === undefined || region === null || !/^[\w.-]{1,128}$/.test(id)) return null;
  const names = AWS_METRICS.map((name) => `"${name}"`).join(' OR ');
  const expression = `SEARCH('InstanceId="${id}" (${names})', 'Average', 300)`;
  const graph = {
    metrics: [[{ expression, id: 'e1' }]],
    view: 'timeSeries',
    stacked: false,
    region,
    start: span ? isoText(span.start) : '-P7D',
    end: span ? isoText(span.end) : 'P0D',
  };
  return `https://${region}.${console}/cloudwatch/home?region=${region}#metricsV2:graph=${jsurl(graph)};query=~'${escaped(id)}`;
}

type JsUrl = string | boolean | readonly JsUrl[] | { readonly [key: string]: JsUrl };

/** The notation of CloudWatch's console: JSON without quotes, braces or percent characters, so that it stands in a fragment. */
export function jsurl(value: JsUrl): string {
  if (typeof value === 'string') return `~'${escaped(value)}`;
  if (typeof value === 'boolean') return `~${value}`;
  if (isList(value)) return `~(${value.map(jsurl).join('')})`;
  return `~(${Object.entries(value)
    .map(([key, entry]) => `${key}${jsurl(entry)}`)
    .join('~')})`;
}

function isList(value: JsUrl): value is readonly JsUrl[] {
  return Array.isArray(value);
}

/** `*2f`, for what a URL would have `%2F` for, and for the five characters that it leaves as they are. */
function escaped(text: string): string {
  return text.replace(/[^\w.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function metricsExplorer({ account, id }: Resource, span: Window | undefined): string | null {
  if (!/^\d{1,25}$/.test(id) || !/^[a-z0-9.:-]{1,100}$/.test(account)) return null;
  const filter = `metric.type="${GCP_METRIC}" resource.type="gce_instance" metric.label."state"="used" resource.label."instance_id"="${id}"`;
  const aggregations = [{ alignmentPeriod: '300s', perSeriesAligner: 'ALIGN_MEAN', crossSeriesReducer: 'REDUCE_NONE' }];
  const timeSeriesFilter = { filter, minAlignmentPeriod: '60s', aggregations };
  const page = {
    xyChart: { dataSets: [{ timeSeriesFilter, targetAxis: 'Y1', plotType: 'LINE' }], options: { mode: 'COLOR' } },
    timeSelection: { timeRange: '1w' },
  };
  const query = new URLSearchParams({ project: account, pageState: JSON.stringify(page) });
  const times = span ? `;startTime=${isoText(span.start)};endTime=${isoText(span.end)}` : '';
  return `https://console.cloud.google.com/monitoring/metrics-explorer${times}?${query.toString().replaceAll('+', '%20')}`;
}

function portal({ id }: Resource): string | null {
  if (!/^\/subscriptions\/[\w.()/-]{1,500}$/.test(id)) return null;
  // Parentheses would end the address early where a renderer, or a person, writes it between some.
  const path = id.replaceAll('(', '%28').replaceAll(')', '%29');
  return `https://portal.azure.com/#resource${path}/metrics`;
}
