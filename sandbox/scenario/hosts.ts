/** Makes hosts from a scenario's plans, which count hours from its time, and fills in the defaults. */
import { createHash } from 'node:crypto';
import type { AccountProvider, Window } from '../../core/model/series.ts';
import { activityAt, type Happening } from './activity.ts';
import type { Collects, Expected, Host, Naming } from './fleet.ts';
import { seedOf } from './random.ts';
import { flat, noise, rounded, type Shape, sum } from './shapes.ts';

const HOUR = 3_600_000;

/** Where a host is, and when: `asOf` is hour 0. */
export interface Location {
  readonly tenant: string;
  /** Default: AWS. */
  readonly provider?: AccountProvider;
  readonly account: string;
  readonly region: string;
  readonly asOf: number;
  /** Another seed is other noise on the same shapes. */
  readonly seed: number;
}

export interface HostPlan {
  /** Unique in its fleet: the host's id and its noise follow from it. */
  readonly name: string;
  readonly story: string;
  readonly expected: Expected;
  /** Percent of memory in use. Noise comes on top. */
  readonly memory?: Shape;
  /** The greatest noise, in percentage points. */
  readonly jitter?: number;
  /** Percentage points that the agent rounds to. */
  readonly roundedTo?: number;
  readonly group?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly naming?: Naming;
  readonly collects?: Collects;
  readonly failsWith?: Host['failsWith'];
  /** What happens to it beside its memory. Default: nothing. */
  readonly happens?: Happening;
  /** Hours at which the host starts and ends. Default: 30 days ago, and never. */
  readonly launched?: number;
  readonly terminated?: number;
  /** Hours between which the agent reports, where it does not report for as long as the host runs. */
  readonly reports?: readonly (readonly [from: number, to: number])[];
}

const DEFAULT_JITTER = 0.8;
const DEFAULT_LAUNCHED = -30 * 24;

export function hostAt(location: Location, plan: HostPlan): Host {
  const { asOf, tenant, provider = 'aws', account, region, seed } = location;
  const at = (hour: number) => asOf + hour * HOUR;
  const runs: Window = {
    start: at(plan.launched ?? DEFAULT_LAUNCHED),
    end: at(plan.terminated ?? Number.POSITIVE_INFINITY),
  };
  const exact = sum(plan.memory ?? flat(0), noise(seedOf(`${seed}/${plan.name}`), plan.jitter ?? DEFAULT_JITTER));
  const percent = plan.roundedTo === undefined ? exact : rounded(plan.roundedTo, exact);
  return {
    tenant,
    resource: {
      provider,
      account,
      region,
      id: plan.naming === 'host_name' ? plan.name : ID_OF[provider](plan, account),
      name: plan.name,
      ...(plan.group === undefined ? {} : { group: plan.group }),
      ...(plan.labels === undefined ? {} : { labels: plan.labels }),
    },
    story: plan.story,
    runs,
    reports: plan.reports?.map(([from, to]) => ({ start: at(from), end: at(to) })) ?? [runs],
    used: (time) => clamp(percent((time - asOf) / HOUR) / 100),
    expected: plan.expected,
    activity: activityAt(`${seed}/${plan.name}`, asOf, plan.happens),
    ...(plan.failsWith === undefined ? {} : { failsWith: plan.failsWith }),
    ...(plan.naming === undefined ? {} : { naming: plan.naming }),
    ...(plan.collects === undefined ? {} : { collects: plan.collects }),
  };
}

/** How each provider names a machine, as its adapter gives it. */
const ID_OF = {
  prometheus: instanceOf,
  otlp: ({ name }: HostPlan) => name,
  aws: ({ name }: HostPlan) => instanceId(name),
  gcp: ({ name }: HostPlan) => String(BigInt(`0x${digestOf(name).slice(0, 15)}`)),
  azure: azureId,
} as const;

/** The port of each exporter: https://github.com/prometheus/prometheus/wiki/Default-port-allocations */
const PORTS: Partial<Record<Naming, number>> = {
  windows: 9182,
  windows_old: 9182,
  k8s_node: 10_250,
};

/** A target's label `instance`, after a node's cluster. Of the OpenTelemetry collector the target is not the host: that one it names. */
function instanceOf({ name, naming = 'instance', labels }: HostPlan): string {
  if (naming === 'opentelemetry' || naming === 'opentelemetry_utf8') return name;
  const cluster = labels?.['k8s.cluster.name'];
  return `${cluster === undefined ? '' : `${cluster}/`}${name}:${PORTS[naming] ?? 9100}`;
}

/** In lower case: Azure itself mixes cases. */
function azureId({ name, group = 'pool', naming }: HostPlan, subscription: string): string {
  const folder = `/subscriptions/${subscription}/resourcegroups/fleet/providers/microsoft.compute`;
  return naming === 'k8s_node'
    ? `${folder}/virtualmachinescalesets/${group}/virtualmachines/${seedOf(name) % 1000}`
    : `${folder}/virtualmachines/${name}`;
}

export function instanceId(name: string): string {
  return `i-0${digestOf(name).slice(0, 16)}`;
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** A host that is out of memory is killed, not full: nothing reports above 99 %. */
function clamp(fraction: number): number {
  return Math.min(0.99, Math.max(0.01, fraction));
}
