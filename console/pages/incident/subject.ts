/** What a mute or a label can be about, from the incident's own facts. */
import type { IncidentView } from '../../../api/contract/incidents.ts';
import type { Subject } from '../../../core/model/mute.ts';
import type { LeakFacts } from '../../incident-facts.ts';
import { PATTERN_CHOICES } from '../../mark-forms.ts';

export interface SubjectChoice {
  readonly id: string;
  readonly title: string;
  readonly subject: Subject;
}

/** The narrowest first. `*` and `?` of a name stand for themselves only as far as they match themselves, which they do. */
export function subjectChoices({ id, host, body }: IncidentView, leak?: LeakFacts): SubjectChoice[] {
  const { provider, account, region, group } = host;
  const where = { provider, account, ...(region === null ? {} : { region }) };
  const pattern = body?.data.leak?.pattern?.name;
  const consumer = leak?.attribution?.kind === 'attributed' ? leak.attribution.grown[0]?.name : topOf(body);
  const ofGroup = group === null ? { host: host.id } : { group };
  const around = group === null ? 'this host' : `the group ${group}`;
  const choices: (SubjectChoice | undefined)[] = [
    { id: 'incident', title: 'This incident', subject: { incident: id } },
    { id: 'host', title: `The host ${host.name ?? host.id}`, subject: { ...where, host: host.id } },
    consumer === undefined
      ? undefined
      : {
          id: 'consumer',
          title: `What ${consumer} grows on ${around}`,
          subject: { provider, account, ...ofGroup, consumer },
        },
    isPattern(pattern)
      ? {
          id: 'pattern',
          title: `Growth of the pattern ${pattern.replaceAll('_', ' ')} on ${around}`,
          subject: { provider, account, ...ofGroup, pattern },
        }
      : undefined,
    group === null ? undefined : { id: 'group', title: `The group ${group}`, subject: { provider, account, group } },
  ];
  return choices.filter((choice) => choice !== undefined);
}

function topOf(body: IncidentView['body']): string | undefined {
  const attribution = body?.data.leak?.attribution;
  return attribution?.kind === 'attributed' ? attribution.grown[0]?.name : undefined;
}

function isPattern(name: string | undefined): name is (typeof PATTERN_CHOICES)[number] {
  return PATTERN_CHOICES.some((pattern) => pattern === name);
}
