/** The log of incidents in words: what happened, what was decided about it, and what people did. */

import { shortId } from '../../core/messages/short-id.ts';
import { formatMinute, formatTime } from '../../core/messages/times.ts';
import type { Decision } from '../../core/model/decision.ts';
import type { IncidentEvent } from '../../core/model/incident-event.ts';
import { parseIncidentId } from '../../core/model/incident-id.ts';
import { callerName } from '../caller-name.ts';
import { SEVERITY_TONE } from '../findings/wording.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Tone } from '../render/text.ts';

/** Characters of a person's name. */
const PERSON_LENGTH = 24;

/** @param ofOne Whether all entries are of one incident, which needs no column then. */
export function renderEvents(events: readonly IncidentEvent[], ofOne: boolean, options: TableOptions): string {
  if (events.length === 0) return 'The log has no entry.';
  return renderTable(events, ofOne ? ENTRY : [...WHOSE, ...ENTRY], options);
}

const WHOSE: readonly Column<IncidentEvent>[] = [
  { title: 'incident', text: ({ incident }) => (incident === null ? '' : shortId(incident)), tone: () => 'strong' },
  { title: 'host', text: hostText, leastWidth: 14, expendable: 1 },
];

const ENTRY: readonly Column<IncidentEvent>[] = [
  { title: 'time (UTC)', text: ({ at }) => formatMinute(at) },
  { title: 'what', text: whatText, tone: toneOf },
  { title: 'decision', text: whyText, leastWidth: 24, overflow: 'wrap' },
];

function hostText({ incident }: IncidentEvent): string {
  return incident === null ? '' : harmless(parseIncidentId(incident)?.key.host ?? incident);
}

function whatText(event: IncidentEvent): string {
  if (event.kind === 'action') return event.action;
  const { kind, severity, cycles } = event.change;
  const cycle = kind === 'opened' && cycles.cycle > 1 ? `, cycle ${cycles.cycle}` : '';
  return `${kind.replaceAll('_', ' ')} (${severity}${cycle})`;
}

function toneOf(event: IncidentEvent): Tone | undefined {
  if (event.kind === 'dropped') return 'bad';
  if (event.kind === 'action' || event.kind === 'put_off') return 'dim';
  return event.decision.page ? SEVERITY_TONE[event.change.severity] : undefined;
}

function whyText(event: IncidentEvent): string {
  switch (event.kind) {
    case 'change':
    case 'put_off':
      return decisionText(event.decision);
    case 'dropped':
      return `lost: ${harmless(event.reason)} (${decisionText(event.decision)})`;
    case 'action':
      return actionText(event);
  }
}

/** `sent and paged: rule default`, `held back by mute: muted until …`. */
function decisionText({ outcome, stage, reason, page, receivers, until }: Decision): string {
  const because = harmless(reason);
  const by = stage === null ? '' : ` by ${stage.replaceAll('_', ' ')}`;
  switch (outcome) {
    case 'sent': {
      const to = receivers.length === 0 ? '' : ` to ${receivers.map(harmless).join(', ')}`;
      return `sent${page ? ' as a page' : ''}${to}: ${because}`;
    }
    case 'held':
      return `held back${by}: ${because}`;
    case 'put_off':
      return `put off${by}${until === null ? '' : ` until ${formatTime(until)}`}: ${because}`;
  }
}

function actionText({ action, by, reason, subject }: Extract<IncidentEvent, { kind: 'action' }>): string {
  const what = subject === null ? '' : action === 'owner' ? `${harmless(subject)}, ` : `${harmless(subject)}: `;
  return `${what}${harmless(reason)}${reason === '' ? '' : ', '}by ${callerName(by, PERSON_LENGTH)}`;
}
