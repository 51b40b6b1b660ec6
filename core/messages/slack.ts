/**
 * A message of Slack in blocks, for chat.postMessage and for incoming webhooks: https://docs.slack.dev/reference/block-kit/blocks.
 * All texts but two are `plain_text`, in which nothing is a link, a mention or a style.
 */
import type { PublishedEvent } from '../model/service-event.ts';
import type { Brief, Fact, Step } from './brief.ts';
import { acknowledgement, briefOf } from './compose-brief.ts';
import { fitted } from './fit-brief.ts';
import { clip, displayText } from './plain-text.ts';

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

type RichElement =
  | {
      readonly type: 'rich_text_section';
      readonly elements: readonly { readonly type: 'text'; readonly text: string }[];
    }
  | {
      readonly type: 'rich_text_preformatted';
      readonly elements: readonly { readonly type: 'text'; readonly text: string }[];
    };

interface Button {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly url: string;
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'rich_text'; readonly elements: readonly RichElement[] }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] };

export interface SlackMessage {
  /** What notifications of the phone show, and clients without blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

const HEADER_LENGTH = 150;
const SECTION_LENGTH = 3000;
const BUTTON_URL_LENGTH = 3000;

/** Characters of all blocks together: some 13,200 are refused (`msg_blocks_too_long`). */
const BLOCKS_LENGTH = 12_000;

export function slackMessage(event: PublishedEvent): SlackMessage {
  return fitted(briefOf(event), messageOf, ({ blocks }) => JSON.stringify(blocks).length <= BLOCKS_LENGTH);
}

function messageOf(brief: Brief): SlackMessage {
  const acknowledge = acknowledgement(brief);
  return {
    text: escaped(clip(`${brief.headline}: ${brief.lead}`, 500)),
    blocks: [
      { type: 'header', text: plain(brief.headline, HEADER_LENGTH) },
      section(brief.lead),
      ...sections(brief.facts.map(factLine)),
      ...stepBlocks(brief.steps),
      ...linkBlocks(brief),
      ...(acknowledge === null ? [] : [richText([text(ACKNOWLEDGE), command(acknowledge)])]),
      { type: 'context', elements: [plain(`${displayText(brief.id, 400)}, tenant ${brief.tenant}`, 500)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

const ACKNOWLEDGE = 'Let the others know that you are at it:';

function factLine({ label, text }: Fact): string {
  return label === '' ? `• ${text}` : `${label}: ${text}`;
}

/** As few sections as hold all lines. */
function sections(lines: readonly string[]): SlackBlock[] {
  const blocks: string[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    const longer = last === undefined ? line : `${last}\n${line}`;
    if (last === undefined || escaped(longer).length > SECTION_LENGTH) blocks.push(line);
    else blocks[blocks.length - 1] = longer;
  }
  return blocks.map(section);
}

function stepBlocks(steps: readonly Step[]): SlackBlock[] {
  if (steps.length === 0) return [];
  const elements = steps.flatMap((step, index) => [
    text(`${index + 1}. ${step.text}`),
    ...(step.command === undefined ? [] : [command(step.command)]),
  ]);
  return [richText([text('What to do'), ...elements])];
}

function linkBlocks({ links }: Brief): SlackBlock[] {
  const buttons = links
    .filter(({ href }) => href.length <= BUTTON_URL_LENGTH)
    .map(({ text: label, href }): Button => {
      return { type: 'button', action_id: `open-${label.toLowerCase()}`, text: plain(label, 75), url: href };
    });
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }];
}

function richText(elements: readonly RichElement[]): SlackBlock {
  return { type: 'rich_text', elements };
}

/** Texts of rich text are no markup, and are not escaped. */
function text(content: string): RichElement {
  return { type: 'rich_text_section', elements: [{ type: 'text', text: content }] };
}

function command(content: string): RichElement {
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: content }] };
}

function section(content: string): SlackBlock {
  return { type: 'section', text: plain(content, SECTION_LENGTH) };
}

/** The three characters of control are escaped in any text: https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(content: string, length: number): PlainText {
  let shown = content === '' ? '-' : clip(content, length);
  // Escapes count, and none may be divided.
  while (escaped(shown).length > length)
    shown = clip(shown, shown.length - 1 - Math.ceil((escaped(shown).length - length) / 5));
  return { type: 'plain_text', text: escaped(shown), emoji: false };
}
