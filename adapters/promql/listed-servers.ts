/**
 * Prometheus servers that the operator lists at deploy, each for one tenant. Most servers inside of a network ask nobody who he is: a
 * list that held for all tenants would let one read the hosts of another, by its address or its id of Mimir.
 */
import type { PrometheusAccount } from '../../core/model/prometheus-account.ts';
import { orgIdSchema } from '../../core/model/prometheus-account.ts';
import { tenantIdSchema } from '../../core/model/tenant.ts';
import { networkIssue } from '../https/addresses.ts';
import { isEndpoint } from '../https/listed-endpoints.ts';

/** One entry of the list: `shop=prometheus.example.com:9443/team-a#org-1`. */
export interface ListedServer {
  readonly tenant: string;
  /** With its port where that is not 443. */
  readonly host: string;
  /** Without a slash at its end; undefined where every path of the host is the tenant's. */
  readonly path: string | undefined;
  /** The only `orgId` that the tenant may name; undefined where it may name none. */
  readonly orgId: string | undefined;
}

export interface ServerLists {
  readonly servers: readonly ListedServer[];
  /** In CIDR notation. */
  readonly privateNetworks: readonly string[];
}

const ENTRY = /^(?<tenant>[^=]+)=(?<host>[^/#]+)(?<path>\/[^#]*)?(?:#(?<orgId>.+))?$/;

/** A path as a URL has it; no escapes, of which a proxy could make others. */
const PATH = /^\/(?:[\w.~-]+\/?)*$/;

/** Reads the two variables. The issues are one sentence for each part that is malformed. */
export function parseServerLists(
  endpoints: readonly string[],
  privateNetworks: readonly string[],
): { readonly lists: ServerLists; readonly issues: readonly string[] } {
  const parsed = endpoints.map((entry) => [entry, parseEntry(entry)] as const);
  const networks = privateNetworks.flatMap((network) => {
    const issue = networkIssue(network);
    return issue === undefined ? [] : [`PROMETHEUS_PRIVATE_NETWORKS: ${network} ${issue}`];
  });
  const malformed = parsed.filter(([, server]) => server === undefined);
  return {
    lists: { servers: parsed.flatMap(([, server]) => server ?? []), privateNetworks },
    issues: [
      ...malformed.map(
        ([entry]) =>
          `PROMETHEUS_ENDPOINTS: ${entry} is not TENANT=HOST[:PORT][/PATH][#ORGID], for example shop=prometheus.example.com`,
      ),
      ...networks,
    ],
  };
}

function parseEntry(entry: string): ListedServer | undefined {
  const { tenant = '', host = '', path, orgId } = ENTRY.exec(entry)?.groups ?? {};
  if (!tenantIdSchema.safeParse(tenant).success || !isEndpoint(host)) return undefined;
  if (path !== undefined && !PATH.test(path)) return undefined;
  if (orgId !== undefined && !orgIdSchema.safeParse(orgId).success) return undefined;
  return { tenant, host, path: path === undefined ? undefined : withoutSlash(path), orgId };
}

/** Why a tenant may not read a server, for people; undefined where the list has it. */
export function unlistedIssue(
  servers: readonly ListedServer[],
  tenant: string,
  { url, orgId }: Pick<PrometheusAccount, 'url' | 'orgId'>,
): string | undefined {
  const { host, pathname } = new URL(url);
  const ofHost = servers.filter((listed) => listed.tenant === tenant && listed.host === host);
  if (ofHost.length === 0) return refusal(host, tenant);
  const path = withoutSlash(pathname);
  const ofPath = ofHost.filter((listed) => listed.path === undefined || listed.path === path);
  if (ofPath.length === 0) return refusal(`${host}${path}`, tenant);
  if (ofPath.some((listed) => listed.orgId === orgId)) return undefined;
  return refusal(orgId === undefined ? `${host} without an orgId` : `the orgId ${orgId} of ${host}`, tenant);
}

function refusal(what: string, tenant: string): string {
  return (
    `${what} is not among the servers that the operator of Plimsoll listed at deploy for tenant ${tenant} (prometheusEndpoints): ` +
    'ask for it to be listed'
  );
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
