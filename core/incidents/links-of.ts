/** The links of a host or an incident: its runbook, its cloud's console, and the tenant's own. */
import { cloudLinks, type Link, type LinkedPod, templateLink } from '../messages/links.ts';
import type { Resource, Window } from '../model/series.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { matchesHost } from './policy/match.ts';

export interface LinkSubject {
  /** With its labels, which templates may name. */
  readonly host: Resource;
  /** The incident's id; null of a host without one. */
  readonly incident: string | null;
  /** Of a fleet's incident, whose host stands for many and is in no console. */
  readonly isFleet?: boolean;
  /** That its last message named. */
  readonly runbook?: string | null;
  /** Pods that grew most. */
  readonly pods?: readonly LinkedPod[];
}

/** @param span What the pages behind the links show. */
export function linksOf(
  config: Pick<TenantConfig, 'tenant' | 'links' | 'accounts'>,
  { host, incident, isFleet = false, runbook = null, pods }: LinkSubject,
  span: Window,
): Link[] {
  const account = config.accounts.find((one) => one.provider === host.provider && one.account === host.account);
  const templates = [...(config.links ?? []), ...(account?.links ?? [])];
  const values = { tenant: config.tenant, host, incident, span };
  return [
    ...(runbook === null ? [] : [{ kind: 'runbook', title: 'Runbook', url: runbook } as const]),
    ...(isFleet ? [] : cloudLinks(host, span, pods)),
    ...templates
      .filter(({ match }) => matchesHost(match, host))
      .flatMap((template) => templateLink(template, values) ?? []),
  ];
}
