/** The headline of an incident's page: what is so now. That of a message states what was so when it was sent. */
import type { IncidentView } from '../api/contract/incidents.ts';
import { displayText } from '../core/messages/plain-text.ts';
import { formatGrowth, formatPercent } from '../core/messages/units.ts';
import type { NotificationData } from '../core/model/notification.ts';
import { leftText } from './forecast.ts';
import type { LeakFacts } from './incident-facts.ts';

const LEAKS: Readonly<Record<IncidentView['status'], string>> = {
  open: 'grows like a leak',
  suspected: 'may grow like a leak',
  watched: 'no longer grows like a leak',
  closed: 'no longer grows like a leak',
};

const NAME_LENGTH = 80;

/** @param now Epoch milliseconds. */
export function incidentTitle(incident: IncidentView, leak: LeakFacts | undefined, now: number): string {
  const { finding, status, host, headline, body } = incident;
  const name = displayText(host.name ?? host.id, NAME_LENGTH);
  const isOver = status === 'watched' || status === 'closed';
  if (body?.data.exhausted) return `${name} ${isOver ? 'is no longer exhausted' : fullText(body.data.exhausted)}`;
  // The severity stands beside the headline, in its colour.
  if (finding !== 'leak') return displayText(headline.replace(/^\[\w+\] /, ''), 300);
  const parts =
    isOver || leak === undefined ? [] : [formatGrowth(leak.growth.estimate, leak.unit), forecastText(leak, now)];
  return [`${name} ${LEAKS[status]}`, ...parts.filter((part) => part !== '')].join(', ');
}

function forecastText({ exhaustion }: LeakFacts, now: number): string {
  if (exhaustion?.likely == null) return '';
  return `likely full ${leftText(exhaustion.likely, now)}`;
}

type Exhausted = NonNullable<NotificationData['exhausted']>;

/** The highest level is that of a top, which the memory may have left since. */
function fullText({ kind, highest }: Exhausted): string {
  const top = formatPercent(highest, 0);
  return kind === 'filling_again' ? `fills again and again, up to ${top}` : `is full, up to ${top}`;
}
