/** The headline of an incident's page: what is so now. That of a message states what was so when it was sent. */
import type { IncidentView } from '../api/contract/incidents.ts';
import { displayText } from '../core/messages/plain-text.ts';
import { formatDuration } from '../core/messages/times.ts';
import { formatGrowth } from '../core/messages/units.ts';
import type { LeakFacts } from './incident-facts.ts';

const LEAKS: Readonly<Record<IncidentView['status'], string>> = {
  open: 'grows like a leak',
  suspected: 'may grow like a leak',
  watched: 'no longer grows like a leak',
  closed: 'no longer grows like a leak',
};

const NAME_LENGTH = 80;
const MINUTE = 60_000;

/** @param now Epoch milliseconds. */
export function incidentTitle(incident: IncidentView, leak: LeakFacts | undefined, now: number): string {
  const { finding, status, host, headline } = incident;
  // The severity stands beside the headline, in its colour.
  if (finding !== 'leak') return displayText(headline.replace(/^\[\w+\] /, ''), 300);
  const name = displayText(host.name ?? host.id, NAME_LENGTH);
  const isOver = status === 'watched' || status === 'closed';
  const parts =
    isOver || leak === undefined ? [] : [formatGrowth(leak.growth.estimate, leak.unit), fullText(leak, now)];
  return [`${name} ${LEAKS[status]}`, ...parts.filter((part) => part !== '')].join(', ');
}

function fullText({ exhaustion }: LeakFacts, now: number): string {
  if (exhaustion?.likely == null) return '';
  const left = Date.parse(exhaustion.likely) - now;
  return left < MINUTE ? 'likely full now' : `likely full in ${formatDuration(left)}`;
}
