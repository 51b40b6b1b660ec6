/**
 * A message for Amazon Q in chat applications, which reads it from a topic and writes it into Slack or Teams:
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html. Its texts are the Markdown of whichever chat that is.
 */
import type { PublishedEvent } from '../model/service-event.ts';
import type { Brief, Fact, Step } from './brief.ts';
import { acknowledgement, briefOf } from './compose-brief.ts';
import { boundedKey } from './keys.ts';
import { clip } from './plain-text.ts';

export interface AmazonQNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** The page that describes the format states no lengths: these are what Slack shows of a title and a section. */
const TITLE_LENGTH = 250;
const DESCRIPTION_LENGTH = 2900;
/** Longer ones are left out: part of a command would do something else. */
const STEP_LENGTH = 1000;
const KEY_LENGTH = 256;

export function amazonQNotification(event: PublishedEvent): AmazonQNotification {
  const brief = briefOf(event);
  const { headline, lead, kind, severity, page, tenant } = brief;
  const nextSteps = stepsOf(brief);
  return {
    version: '1.0',
    source: 'custom',
    id: boundedKey(brief.id, KEY_LENGTH),
    content: {
      textType: 'client-markdown',
      title: inert(headline, TITLE_LENGTH),
      description: descriptionOf(brief),
      ...(nextSteps.length > 0 && { nextSteps }),
      keywords: [severity, kind],
    },
    metadata: {
      threadId: boundedKey(brief.subject, KEY_LENGTH),
      summary: inert(lead, TITLE_LENGTH),
      eventType: kind,
      additionalContext: { tenant, page: String(page) },
    },
  };
}

function descriptionOf({ lead, facts, links }: Brief): string {
  // Our own addresses, and the tenant's runbook: a chat makes links of them.
  const addresses = links.map(({ text, href }) => `${text}: ${href}`).join('\n');
  const lines = [lead, ...facts.map(factText)].map((line) => inert(line, DESCRIPTION_LENGTH));
  const room = DESCRIPTION_LENGTH - addresses.length - 1;
  return room < DESCRIPTION_LENGTH / 3
    ? clip(lines.join('\n'), DESCRIPTION_LENGTH)
    : `${clip(lines.join('\n'), room)}\n${addresses}`.trim();
}

function factText({ label, text }: Fact): string {
  return label === '' ? `• ${text}` : `${label}: ${text}`;
}

function stepsOf(brief: Brief): string[] {
  const acknowledge = acknowledgement(brief);
  const steps: readonly Step[] = [
    ...brief.steps,
    ...(acknowledge === null ? [] : [{ text: 'Let the others know that you are at it:', command: acknowledge }]),
  ];
  const texts = steps.map(({ text, command }) => (command === undefined ? text : `${text} ${command}`));
  return texts.filter((text) => text.length <= STEP_LENGTH).map((text) => inert(text, STEP_LENGTH));
}

/** Characters that begin a link, a mention or a style in the Markdown of Slack or of Teams, and what looks like them. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '[': '⁅',
  ']': '⁆',
  '@': '＠',
  '*': '∗',
  '`': 'ˋ',
  '~': '∼',
  '#': '＃',
  '!': 'ǃ',
  '&': '＆',
};

/**
 * Neither chat has an escape that the other one honours, so that these characters are replaced. A scheme loses its slashes, so that no
 * name becomes an address, and an underscore inside a word is no style in either.
 */
function inert(text: string, length: number): string {
  const replaced = text
    .replace(/[<>[\]@*`~#!&]/g, (character) => LOOK_ALIKES[character] ?? '')
    .replaceAll('://', ':∕∕')
    .replace(/(^|[^\p{L}\p{N}])_|_(?=[^\p{L}\p{N}]|$)/gu, '$1ˍ');
  return clip(replaced, length);
}
