/** Addresses of the page: each view has one, with its filters, so that it can be sent to somebody. */

export const PAGES = {
  overview: '',
  incidents: '/incidents',
  hosts: '/hosts',
  anomalies: '/anomalies',
  inspections: '/inspections',
  recordings: '/recordings',
  coverage: '/coverage',
  config: '/config',
  alerts: '/alerts',
  mutes: '/mutes',
  digest: '/digest',
  access: '/access',
  audit: '/audit',
} as const;
export type PageName = keyof typeof PAGES;

type Parameters = Readonly<Record<string, string | undefined>>;

/** `/t/acme/hosts?group=web`. */
export function pagePath(tenant: string, page: PageName, query: Parameters = {}): string {
  return `/t/${encodeURIComponent(tenant)}${PAGES[page]}${queryText(query)}`;
}

/** @param ref As an answer of the API has it. */
export function incidentPath(tenant: string, ref: string): string {
  return `/t/${encodeURIComponent(tenant)}/incidents/${ref}`;
}

/** @param ref As an answer of the API has it. */
export function hostPath(tenant: string, ref: string): string {
  return `/t/${encodeURIComponent(tenant)}/hosts/${ref}`;
}

/** One metric of a host, or of a part of it. @param ref As an answer of the API has it. */
export function anomalyPath(tenant: string, ref: string, metric: string, query: Parameters = {}): string {
  return `/t/${encodeURIComponent(tenant)}/anomalies/${ref}/${encodeURIComponent(metric)}${queryText(query)}`;
}

/** @param id As an answer of the API has it; `demo` is always there. */
export function recordingPath(tenant: string, id: string, query: Parameters = {}): string {
  return `/t/${encodeURIComponent(tenant)}/recordings/${encodeURIComponent(id)}${queryText(query)}`;
}

/** `?a=1&b=2`, or nothing; undefined and empty values are left out. */
function queryText(query: Parameters): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}
