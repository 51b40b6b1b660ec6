/** Which receivers get a notification beside the topic, and which runbook it names. */
import type { Alerts } from '../../model/alerts.ts';
import { findingsOf, matchesConsumer, matchesHost } from './match.ts';
import type { Undecided } from './undecided.ts';

/** Names that a decision can hold. */
const MOST_RECEIVERS = 20;

/**
 * The receivers of the first route that matches, and of those after it while these have `continue`. Without routes every receiver gets
 * everything; where none matches the topic alone does. What escalates goes to the receivers of the escalation.
 */
export function receiversOf(alerts: Alerts | undefined, { incident, change }: Undecided): readonly string[] {
  if (change.kind === 'escalated' && alerts?.escalation !== undefined) return alerts.escalation.receivers;
  const routes = alerts?.routes;
  if (routes === undefined) return (alerts?.receivers ?? []).map(({ name }) => name);
  const names = new Set<string>();
  const matching = routes.filter(
    ({ match, kinds = [change.kind], severities = [change.severity], findings = [incident.key.finding] }) =>
      matchesHost(match, incident.resource) &&
      kinds.includes(change.kind) &&
      severities.includes(change.severity) &&
      findingsOf(incident.key).some((finding) => findings.includes(finding)),
  );
  for (const { receivers, continue: goesOn } of matching) {
    for (const name of receivers) names.add(name);
    if (!goesOn) break;
  }
  return [...names].slice(0, MOST_RECEIVERS);
}

/** The first runbook that matches; one of a consumer matches where that consumer grew most. */
export function runbookOf(alerts: Alerts | undefined, item: Undecided): string | null {
  const found = alerts?.runbooks?.find(
    ({ match, consumers }) =>
      matchesHost(match, item.incident.resource) &&
      (consumers === undefined || consumers.some((glob) => matchesConsumer(glob, item))),
  );
  return found?.url ?? null;
}
