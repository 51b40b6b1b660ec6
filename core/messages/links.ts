/**
 * Links out of an incident or a host: into the console of the host's own cloud, and by the tenant's templates. What a host is called is
 * text of a stranger: it changes neither the host of a link nor its scheme, and where it does not have the form that the cloud gives
 * there is no link.
 */
import { partitionOfRegion } from '../model/aws-partition.ts';
import { type LinkPlaceholder, type LinkTemplate, PLACEHOLDER } from '../model/link-template.ts';
import { isoText } from '../model/notation.ts';
import type { Resource, Window } from '../model/series.ts';
import { CONSOLES, graphLink, jsurl } from './graph-link.ts';

export interface Link {
  /** `cloud`: of the host in its cloud's console; `template`: of the tenant's own. */
  readonly kind: 'cloud' | 'template' | 'runbook';
  readonly title: string;
  readonly url: string;
}

/** A pod that grew. */
export interface LinkedPod {
  readonly namespace: string;
  readonly name: string;
}

/** Pods that have a link of their own. */
const MOST_PODS = 3;

/** Into the console of the host's cloud, the host itself first. Empty where its cloud has none that is known. */
export function cloudLinks(host: Resource, span: Window, pods: readonly LinkedPod[] = []): Link[] {
  const links = [...LINKS_OF[host.provider](host, span), ...podLinks(host, span, pods.slice(0, MOST_PODS))];
  return links.flatMap(([title, url]) => (url === null ? [] : [{ kind: 'cloud', title, url } as const]));
}

/** The page of the host itself; undefined where its cloud has none that is known. */
export function hostPage(host: Resource, span: Window): string | undefined {
  return LINKS_OF[host.provider](host, span)[0]?.[1] ?? undefined;
}

type TitledLink = readonly [title: string, url: string | null];

const LINKS_OF: Readonly<Record<Resource['provider'], (host: Resource, span: Window) => TitledLink[]>> = {
  aws: awsLinks,
  gcp: googleLinks,
  azure: azureLinks,
  prometheus: () => [],
  otlp: () => [],
  local: () => [],
};

const CLUSTER = 'k8s.cluster.name';

function awsLinks(host: Resource, span: Window): TitledLink[] {
  const { region, id, labels = {} } = host;
  const home = awsHome(region);
  if (home === undefined) return [];
  const isInstance = /^i-[0-9a-f]{8,17}$/.test(id);
  const cluster = safeName(labels[CLUSTER]);
  const isHost = /^[\w.-]{1,128}$/.test(id);
  // The agent names a log stream after its instance, unless somebody has set another name.
  const query = `fields @timestamp, @logStream, @message\n| filter @logStream like "${id}" or @message like "${id}"\n| sort @timestamp desc\n| limit 500`;
  return [
    ['EC2 instance', isInstance ? `${home('ec2')}#InstanceDetails:instanceId=${id}` : null],
    ['Memory in CloudWatch', graphLink(host, span)],
    ['Logs Insights', isHost ? logsInsights(home, span, query) : null],
    ['Container Insights', cluster === undefined ? null : containerInsights(home, cluster)],
  ];
}

/** The address of a service's console; undefined where the partition has none that is known. */
function awsHome(region: string | null): ((service: string) => string) | undefined {
  const console = CONSOLES[partitionOfRegion(region ?? '') ?? ''];
  if (console === undefined) return undefined;
  return (service) => `https://${region}.${console}/${service}/home?region=${region}`;
}

/** `$3F` and `$3D` are `?` and `=`: the console's fragment has an encoding of its own. */
function logsInsights(home: (service: string) => string, span: Window, query: string, groups: readonly string[] = []) {
  const detail = {
    end: isoText(span.end),
    start: isoText(span.start),
    timeType: 'ABSOLUTE',
    tz: 'UTC',
    editorString: query,
    ...(groups.length > 0 && { source: groups }),
  };
  return `${home('cloudwatch')}#logsV2:logs-insights$3FqueryDetail$3D${jsurl(detail)}`;
}

function containerInsights(home: (service: string) => string, cluster: string): string {
  const chosen = jsurl([cluster]);
  return `${home('cloudwatch')}#container-insights:performance/EKS:Cluster?~(query~(controls~(CW*3a*3aEKS.cluster${chosen}))~context~())`;
}

const ZONE = 'cloud.availability_zone';

function googleLinks(host: Resource, span: Window): TitledLink[] {
  const { account, id, name = '', labels = {} } = host;
  if (!isProject(account) || !/^\d{1,25}$/.test(id)) return [];
  const zone = labels[ZONE] ?? '';
  const isNamed = /^[a-z][a-z0-9-]{0,62}$/.test(name) && /^[a-z0-9-]{1,60}$/.test(zone);
  const instance = `https://console.cloud.google.com/compute/instancesDetail/zones/${zone}/instances/${name}?project=${account}`;
  return [
    ['VM instance', isNamed ? instance : null],
    ['Memory in Metrics Explorer', graphLink(host, span)],
    [
      'Logs Explorer',
      logsExplorer(account, span, ['resource.type="gce_instance"', `resource.labels.instance_id="${id}"`]),
    ],
  ];
}

/** A project's id, which may stand behind its organisation's domain. */
function isProject(account: string): boolean {
  return /^[a-z0-9.:-]{1,100}$/.test(account);
}

function logsExplorer(project: string, { start, end }: Window, conditions: readonly string[]): string {
  const query = encodeURIComponent(conditions.join('\n'));
  return `https://console.cloud.google.com/logs/query;query=${query};startTime=${isoText(start)};endTime=${isoText(end)}?project=${project}`;
}

function azureLinks(host: Resource): TitledLink[] {
  const portal = portalOf(host.id);
  if (portal === null) return [];
  return [
    ['Virtual machine', portal],
    ['Metrics', `${portal}/metrics`],
    ['Logs', `${portal}/logs`],
    ['VM insights', `${portal}/infrainsights`],
  ];
}

/** The page of a resource. */
function portalOf(id: string): string | null {
  if (!/^\/subscriptions\/[\w.()/-]{1,500}$/.test(id)) return null;
  // Parentheses would end the address early where a renderer, or a person, writes it between some.
  return `https://portal.azure.com/#resource${id.replaceAll('(', '%28').replaceAll(')', '%29')}`;
}

/** To the logs of pods, where the cloud has them by name. */
function podLinks(host: Resource, span: Window, pods: readonly LinkedPod[]): TitledLink[] {
  const { provider, account, region, labels = {} } = host;
  const home = provider === 'aws' ? awsHome(region) : undefined;
  const cluster = safeName(labels[CLUSTER]);
  return pods.map(({ namespace, name }): TitledLink => {
    const title = `Logs of pod ${namespace}/${name}`;
    if (!isPodName(namespace) || !isPodName(name)) return [title, null];
    if (provider === 'gcp' && isProject(account)) {
      const ofPod = [`resource.labels.namespace_name="${namespace}"`, `resource.labels.pod_name="${name}"`];
      return [title, logsExplorer(account, span, ['resource.type="k8s_container"', ...ofPod])];
    }
    if (home === undefined || cluster === undefined) return [title, null];
    const query = `fields @timestamp, log\n| filter kubernetes.pod_name = "${name}" and kubernetes.namespace_name = "${namespace}"\n| sort @timestamp desc\n| limit 500`;
    return [title, logsInsights(home, span, query, [`/aws/containerinsights/${cluster}/application`])];
  });
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function isPodName(text: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text);
}

/** The name of a cluster; undefined where it is none. */
function safeName(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w-]{1,100}$/.test(text) ? text : undefined;
}

/** What a template's placeholders stand for. */
export interface LinkValues {
  readonly tenant: string;
  readonly host: Resource;
  /** Null of a host without one. */
  readonly incident: string | null;
  readonly span: Window;
}

/** Characters of a URL that programs still open. */
const MOST_CHARACTERS = 8000;

/** Null where a value is not known, or would lead elsewhere than the template does. */
export function templateLink({ title, url }: LinkTemplate, values: LinkValues): Link | null {
  let isKnown = true;
  const filled = url.replace(PLACEHOLDER, (_, name: string) => {
    const value = placeholderValue(name, values);
    if (value === undefined || value === '') isKnown = false;
    return encodedValue(value ?? '');
  });
  if (!isKnown || filled.length > MOST_CHARACTERS || !leadsWhere(url, filled)) return null;
  return { kind: 'template', title, url: filled };
}

/** Nothing of it can end what it stands in: not a part of a path, of a query or of a fragment, and not a string in a query language. */
function encodedValue(value: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()*~]/g, hex);
}

/** Whether it has the template's origin, and no part of its path goes up: `.` and `..` mean that however they are encoded. */
function leadsWhere(template: string, filled: string): boolean {
  if (!URL.canParse(filled)) return false;
  const [path = ''] = filled.slice('https://'.length).split(/[?#]/, 1);
  const goesUp = path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part));
  return !goesUp && new URL(filled).origin === new URL(template.replace(PLACEHOLDER, 'x')).origin;
}

function placeholderValue(name: string, values: LinkValues): string | undefined {
  if (!name.startsWith('label.')) return Object.hasOwn(VALUES, name) ? VALUES[name]?.(values) : undefined;
  const { labels = {} } = values.host;
  const label = name.slice('label.'.length);
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

const VALUES: Readonly<Record<string, (values: LinkValues) => string | undefined>> = {
  'host.id': ({ host }) => host.id,
  'host.name': ({ host }) => host.name ?? host.id,
  group: ({ host }) => host.group,
  tenant: ({ tenant }) => tenant,
  provider: ({ host }) => host.provider,
  account: ({ host }) => host.account,
  region: ({ host }) => host.region ?? undefined,
  incident: ({ incident }) => incident ?? undefined,
  from: ({ span }) => isoText(span.start),
  to: ({ span }) => isoText(span.end),
  'from.ms': ({ span }) => String(span.start),
  'to.ms': ({ span }) => String(span.end),
} satisfies Record<LinkPlaceholder, (values: LinkValues) => string | undefined>;
