/** What mutes and labels are about, in words. */
import { parseIncidentId } from '../../core/model/incident-id.ts';
import type { Subject } from '../../core/model/mute.ts';
import { harmless } from '../render/text.ts';
import { shortId } from './named.ts';

/** `group web*, pattern linear`; of an incident its host and its short id. */
export function subjectText({ incident, labels = {}, ...fields }: Subject): string {
  const parts = [
    ...(incident === undefined ? [] : [incidentText(incident)]),
    ...Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${harmless(value)}`])),
    ...Object.entries(labels).map(([name, value]) => `label ${harmless(name)}=${harmless(value)}`),
  ];
  return parts.join(', ');
}

function incidentText(incident: string): string {
  const host = parseIncidentId(incident)?.key.host ?? incident;
  return `incident ${shortId(incident)} (${harmless(host)})`;
}
