/** Endpoints and private networks that the operator lists at deploy: what tenants name may lead to these beside vendors' own hosts. */
import { networkIssue } from './addresses.ts';

/** A host, with its port where it is not 443: `alertmanager.example.com:9093`. */
const LISTED_ENDPOINT =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?$/;

export interface Lists {
  readonly endpoints: readonly string[];
  /** In CIDR notation. */
  readonly privateNetworks: readonly string[];
}

export function isEndpoint(text: string): boolean {
  return LISTED_ENDPOINT.test(text);
}

/** What is wrong with the lists, one sentence for each part. @param name What the names of both variables begin with. */
export function listIssues({ endpoints, privateNetworks }: Lists, name: string): string[] {
  const malformed = endpoints.filter((endpoint) => !isEndpoint(endpoint));
  const networks = privateNetworks.flatMap((network) => {
    const issue = networkIssue(network);
    return issue === undefined ? [] : [`${name}_PRIVATE_NETWORKS: ${network} ${issue}`];
  });
  return [...malformed.map((endpoint) => `${name}_ENDPOINTS: ${endpoint} is not host or host:port`), ...networks];
}
