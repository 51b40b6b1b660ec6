/** Hosts as the newest runs left them. */
import { unlessCorrupt } from '../../core/health/readable-items.ts';
import { keptRuns } from '../../core/inspection/newest-runs.ts';
import { effectiveConfig } from '../../core/tenants/effective-config.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import type { HeadCache } from '../fleet/heads.ts';
import { hostCursor } from '../fleet/host-lines.ts';
import { readHosts } from '../fleet/host-listing.ts';
import { currentIncidents } from '../fleet/incidents.ts';
import { readRegions } from '../fleet/regions.ts';
import { createShardReader } from '../fleet/shard-lines.ts';
import { notFound } from '../problem.ts';
import { type HostName, hostOfRef, hostRef } from '../refs.ts';
import { type HostLine, hostOfLine, isHostLine } from '../views/host.ts';
import { hostRow } from '../views/host-row.ts';

export const hostHandlers: HandlersOf<'listHosts' | 'getHost' | 'getHostPolicy'> = {
  async listHosts({ tenant, query, now, heads }) {
    const regions = await readRegions(tenant, query, { now, heads });
    const { lines, next, total, failures } = await readHosts(query, regions, tenant.ports.results);
    const { byHost, unreadable } = await currentIncidents(tenant);
    const items = lines.map((line) => hostRow(line, byHost.get(hostRef(hostOfLine(line)))));
    return { items, cursor: next && hostCursor.encode(next), total, unreadable: [...failures, ...unreadable] };
  },

  async getHost({ tenant, params, heads }) {
    const name = hostOfRef(params.host);
    const line = await lineOfHost(name, tenant, heads);
    const { byHost } = await currentIncidents(tenant, name.id);
    return hostRow(line, byHost.get(params.host));
  },

  async getHostPolicy({ tenant, params, heads }) {
    const name = hostOfRef(params.host);
    const account = tenant.stored.config.accounts.find(
      (one) => one.provider === name.provider && one.account === name.account,
    );
    if (account === undefined) throw notFound('such host');
    const host = hostOfLine(await lineOfHost(name, tenant, heads));
    const { inspected, requiredConfidence, values, alerts } = effectiveConfig(tenant.stored, account, host);
    return {
      inspected,
      requiredConfidence,
      values: values.map((value) => ({ ...value })),
      alerts: alerts.map((alert) => ({ ...alert })),
    };
  },
};

/** Runs that are looked into for one host: an adaptive cadence inspects a quiet host every few slots. */
const RUNS_SEARCHED = 5;

const TOO_MANY = 'Look for the host in the results of its region: export them.';

/** Its line in the newest run that has one. Throws a 404 where none of the last runs has. */
async function lineOfHost(name: HostName, { id, ports }: TenantCall, heads: HeadCache): Promise<HostLine> {
  const linesOf = createShardReader(ports.results, TOO_MANY);
  const { provider, account, region } = name;
  const scope = { provider, account, region };
  for (const run of keptRuns(id, scope, await ports.runs.newest(id, scope, RUNS_SEARCHED))) {
    const head = await unlessCorrupt(heads.read(run, ports.results), []);
    const known = head?.lineOf(name.id);
    if (known !== undefined && isHostLine(known)) return known;
    // A steady host is in no head.
    for await (const line of linesOf(run)) if (line.host === name.id) return line;
  }
  throw notFound('such host');
}
