/** `plimsoll incidents ack|unack|owner|note`: what a person does about an incident. */
import { type Answer, answerIncident } from '../../core/incidents/answer.ts';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { shortId } from '../../core/messages/short-id.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { harmless, wrap } from '../render/text.ts';
import { openIncidentStores } from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { caller } from './caller.ts';
import { namedIncident } from './named.ts';
import type { TenantOptions } from './tenants.ts';

export interface AnswerOptions extends TenantOptions {
  readonly json?: boolean;
}

export async function giveAnswer(
  name: string,
  answer: Answer,
  options: AnswerOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, now } = context;
  const stores = openIncidentStores(context);
  const named = await namedIncident(name, options, context, stores.list);
  const by = await caller(context);
  const incident = await answerIncident(named, { answer, by, now }, stores);
  if (options.json) {
    const { status, severity, acknowledged, owner } = incident;
    terminal.printJson(withIsoTimes({ id: named.id, by, at: now, answer, status, severity, acknowledged, owner }));
    return EXIT.clean;
  }
  const host = harmless(incident.resource.name ?? incident.key.host);
  terminal.print(wrap(`${shortId(named.id)} (${host}): ${answerText(answer)}`, textWidth(terminal), '  '));
  return EXIT.clean;
}

function answerText(answer: Answer): string {
  switch (answer.kind) {
    case 'acknowledged':
      return 'acknowledged; no reminder and no escalation follows in this cycle';
    case 'unacknowledged':
      return 'not acknowledged any more; reminders go on where the rules have them';
    case 'owner':
      return answer.owner === null ? 'nobody owns it any more' : `owned by ${harmless(answer.owner)}`;
    case 'note':
      return 'the note is in its log';
  }
}
