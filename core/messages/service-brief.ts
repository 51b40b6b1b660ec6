/** What a message states about the inspections themselves: the lines of its email, for every receiver. */
import { subjectOf } from '../model/event-subject.ts';
import type { ServiceEvent, ServiceEventKind } from '../model/service-event.ts';
import type { Brief, BriefState } from './brief.ts';
import { displayText } from './plain-text.ts';
import { serviceEmailSubject, serviceEmailText } from './service-email.ts';

const STATES: Readonly<Partial<Record<ServiceEventKind, BriefState>>> = {
  inspection_failed: 'firing',
  inspection_restored: 'resolved',
  receiver_failing: 'firing',
  receiver_restored: 'resolved',
  // The way to the phone is what it proves.
  test: 'firing',
};

export function serviceBrief(event: ServiceEvent): Brief {
  const { id, subject, data, time } = event;
  const [summary = '', ...lines] = serviceEmailText(event).split('\n');
  const state = STATES[data.kind] ?? 'notice';
  return {
    id,
    subject: subjectOf(event),
    incident: null,
    kind: data.kind,
    tenant: data.tenant,
    stage: data.stage,
    state,
    severity: data.severity,
    page: state !== 'notice',
    headline: serviceEmailSubject(event),
    summary: null,
    lead: summary,
    facts: lines.filter((line) => line.trim() !== '').map((text) => ({ label: '', text: displayText(text, 500) })),
    steps: [],
    links: [],
    component: 'memory',
    source: displayText(subject),
    group: null,
    time,
  };
}
