/**
 * What a person reads by email, perhaps at night and on a phone: lines of plain ASCII that may wrap anywhere, since an email may pass
 * through gateways and pagers that know nothing else. Pure; the event itself travels as JSON.
 */
import type { Notification } from '../model/notification.ts';
import type { Fact, Step } from './brief.ts';
import { acknowledgement, briefOf } from './compose-brief.ts';
import { HEADLINE_LENGTH } from './headline.ts';
import { asciiText, clip, displayText } from './plain-text.ts';

/** Characters of an event's id that are shown. */
const ID_LENGTH = 1000;

/** One line of printable ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function emailSubject(event: Notification): string {
  return clip(asciiText(briefOf(event).headline), HEADLINE_LENGTH, '...');
}

export function emailText(event: Notification): string {
  const brief = briefOf(event);
  const acknowledge = acknowledgement(brief);
  const lines = [
    asciiText(brief.lead),
    '',
    ...(brief.summary === null ? [] : [`${asciiText(brief.summary)}.`, '']),
    ...brief.facts.map(factLine),
    ...(brief.steps.length === 0 ? [] : ['', 'What to do', ...brief.steps.flatMap(stepLines)]),
    ...(acknowledge === null ? [] : ['', 'Let the others know that you are at it:', acknowledge]),
    ...brief.links.flatMap(({ text, href }) => ['', `${text}:`, href]),
    '',
    `Event: ${asciiText(displayText(brief.id, ID_LENGTH))}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Not aligned: columns break where a phone wraps the line. */
function factLine({ label, text }: Fact): string {
  return label === '' ? `- ${asciiText(text)}` : `${label}: ${asciiText(text)}`;
}

/** A command has a line of its own, so that it can be copied as it is. */
function stepLines({ text, command }: Step, index: number): string[] {
  return [`${index + 1}. ${asciiText(text)}`, ...(command === undefined ? [] : [asciiText(command)])];
}
