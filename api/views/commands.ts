/** Commands that do the same as the actions of an incident's page. */
import type { Story } from '../../core/incidents/incident-story.ts';
import type { Step } from '../../core/messages/brief.ts';
import {
  acknowledgeCommand,
  falsePositiveCommand,
  muteCommand,
  relatedCommand,
} from '../../core/messages/incident-commands.ts';
import type { IncidentView } from '../contract/incidents.ts';

/**
 * @param steps Of its newest message: those with a command are among them.
 * @param stage Of the deployment; undefined where it is not known.
 */
export function commandsOf(
  { named: { id } }: Story,
  steps: readonly Step[],
  stage: string | undefined,
): IncidentView['commands'] {
  const own = [
    { title: 'Acknowledge', command: acknowledgeCommand(id, stage) },
    { title: 'Mute for a week', command: muteCommand(id, stage) },
    { title: 'Label as a false positive', command: falsePositiveCommand(id, stage) },
    { title: 'Related incidents', command: relatedCommand(id, stage) },
  ];
  const known = new Set(own.map(({ command }) => command));
  const further = steps.flatMap(({ text, command }) =>
    command === undefined || known.has(command) ? [] : [{ title: text.replace(/:$/, ''), command }],
  );
  return [...own, ...further];
}
