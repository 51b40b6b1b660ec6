/** Where a person goes on: the host in its cloud's console, the tenant's own links, and the runbook. */
import { linksOf as linksOfHost } from '../../core/incidents/links-of.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { Resource, Window } from '../../core/model/series.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { LinkView } from '../contract/incidents.ts';

export interface LinkedIncident {
  readonly id: string;
  readonly host: Resource;
  /** The newest message about it. */
  readonly body: Notification | null;
}

/** @param span What the pages behind the links show. */
export function linksOf(config: TenantConfig, { id, host, body }: LinkedIncident, span: Window): LinkView[] {
  const attribution = body?.data.leak?.attribution;
  const grown = attribution?.kind === 'attributed' ? attribution.grown : [];
  const pods = grown.flatMap(({ name, namespace }) => (namespace === undefined ? [] : [{ name, namespace }]));
  const isFleet = body?.data.finding === 'fleet';
  return linksOfHost(config, { host, incident: id, isFleet, runbook: body?.data.runbook ?? null, pods }, span);
}
