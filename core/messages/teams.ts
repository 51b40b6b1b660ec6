/**
 * A message for the Workflows webhook of Microsoft Teams: an Adaptive Card 1.5 in its envelope. All texts are text runs, in which
 * Markdown is no markup: https://adaptivecards.io/explorer/TextRun.html
 */
import type { PublishedEvent } from '../model/service-event.ts';
import type { Brief, Fact, Step } from './brief.ts';
import { acknowledgement, briefOf } from './compose-brief.ts';
import { fitted } from './fit-brief.ts';
import { displayText } from './plain-text.ts';

interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large' | 'Small';
  readonly color?: 'Attention' | 'Warning' | 'Good';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
}

interface RichTextBlock {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly TextRun[];
  readonly spacing?: 'Small' | 'None' | 'Medium';
  readonly separator?: true;
}

interface OpenUrl {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
}

export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.5';
  /** What is shown where the card cannot be. */
  readonly fallbackText: string;
  readonly msteams: { readonly width: 'Full' };
  readonly body: readonly RichTextBlock[];
  readonly actions: readonly OpenUrl[];
}

/** Bytes that a Workflows webhook accepts: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages */
export const TEAMS_BYTES = 28 * 1024;

/** The channel puts an envelope of its own around a card. */
const CARD_BYTES = 24 * 1024;

const COLOURS = { firing: 'Attention', resolved: 'Good', notice: 'Warning' } as const;

export function teamsMessage(event: PublishedEvent): TeamsMessage {
  return fitted(briefOf(event), envelope, (message) => bytesOf(message) <= CARD_BYTES);
}

function bytesOf(message: TeamsMessage): number {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}

function envelope(brief: Brief): TeamsMessage {
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card(brief) }] };
}

function card(brief: Brief): AdaptiveCard {
  const acknowledge = acknowledgement(brief);
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: brief.headline,
    msteams: { width: 'Full' },
    body: [
      block([run(brief.headline, { weight: 'Bolder', size: 'Large', color: COLOURS[brief.state] })]),
      block([run(brief.lead, { weight: 'Bolder' })], { spacing: 'Small' }),
      ...brief.facts.map(factBlock),
      ...brief.steps.flatMap(stepBlocks),
      ...(acknowledge === null
        ? []
        : [block([run('Let the others know that you are at it:')], { separator: true }), commandBlock(acknowledge)]),
      block([run(`${displayText(brief.id, 400)}, tenant ${brief.tenant}`, { size: 'Small', isSubtle: true })], {
        separator: true,
      }),
    ],
    actions: brief.links.map(({ text, href }) => ({ type: 'Action.OpenUrl', title: text, url: href })),
  };
}

function factBlock({ label, text }: Fact, index: number): RichTextBlock {
  const inlines = label === '' ? [run(`• ${text}`)] : [run(`${label}: `, { weight: 'Bolder' }), run(text)];
  return block(inlines, { spacing: index === 0 ? 'Medium' : 'None' });
}

function stepBlocks({ text, command }: Step, index: number): RichTextBlock[] {
  const first = block([run(`${index + 1}. ${text}`)], index === 0 ? { separator: true } : { spacing: 'Small' });
  return command === undefined ? [first] : [first, commandBlock(command)];
}

function commandBlock(command: string): RichTextBlock {
  return block([run(command, { fontType: 'Monospace', size: 'Small' })], { spacing: 'None' });
}

function block(inlines: readonly TextRun[], style: Pick<RichTextBlock, 'spacing' | 'separator'> = {}): RichTextBlock {
  return { type: 'RichTextBlock', inlines, ...style };
}

function run(text: string, style: Omit<TextRun, 'type' | 'text'> = {}): TextRun {
  return { type: 'TextRun', text, ...style };
}
