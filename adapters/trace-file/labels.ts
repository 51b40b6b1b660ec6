/** The host that Prometheus’ labels name. */

/** The first of these labels that a series has names its host. */
const HOST_LABELS = [
  'host',
  'hostname',
  'host_name',
  'nodename',
  'node',
  'instance',
  'vm',
  'machine',
  'server',
  'name',
];

/** A series' host by its labels; undefined where none of them names one. */
export function hostOfLabels(labels: Readonly<Record<string, string>>): string | undefined {
  return HOST_LABELS.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
}

const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The host in labels as Prometheus prints them, `{instance="web-1:9100", job="node"}`; undefined where the text is none. */
export function labelsHost(text: string): string | undefined {
  if (!text.includes('="')) return undefined;
  const labels = [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value] as const);
  return hostOfLabels(Object.fromEntries(labels));
}
