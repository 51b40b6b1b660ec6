/** Where a person goes on: the host in its cloud's console, and the runbook. */
import { graphLink } from '../../core/messages/graph-link.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { Resource } from '../../core/model/series.ts';
import type { LinkView } from '../contract/incidents.ts';

export function linksOf(host: Resource, body: Notification | null): LinkView[] {
  const graph = body?.data.finding === 'fleet' ? null : graphLink(host);
  const runbook = body?.data.runbook;
  return [
    ...(runbook === undefined ? [] : [{ kind: 'runbook' as const, title: 'Runbook', url: runbook }]),
    ...(graph === null ? [] : [{ kind: 'cloud' as const, title: 'Memory of the host', url: graph }]),
  ];
}
