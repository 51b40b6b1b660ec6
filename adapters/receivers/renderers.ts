/** What each receiver is shown of an event. Events about hosts and events about Plimsoll itself have the same forms. */
import { emailSubject, emailText } from '../../core/messages/email.ts';
import { asciiText, clip } from '../../core/messages/plain-text.ts';
import { serviceEmailSubject, serviceEmailText } from '../../core/messages/service-email.ts';
import type { Severity } from '../../core/model/finding.ts';
import { isServiceEvent, type PublishedEvent, type ServiceEventKind } from '../../core/model/service-event.ts';

/** What Slack takes beside channel and thread. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly object[];
}

/** What PagerDuty takes beside the routing key. https://developer.pagerduty.com/docs/events-api-v2-overview */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly payload: object;
}

export interface RenderedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorUrl: string | null;
  /** `fires` until it is over, `is_over`, or fires `briefly` and ends by itself. */
  readonly state: 'fires' | 'is_over' | 'briefly';
}

/** Characters of Slack's header and of the text of a block, with room for a mark. */
const SLACK_HEADER = 150;
const SLACK_TEXT = 2900;

const PAGERDUTY_SUMMARY = 1024;
const PAGERDUTY_KEY = 255;

const PAGERDUTY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

/** Of events about Plimsoll: those that page, and those that end what paged. Others are read, and wake nobody up. */
const PAGES: Partial<Record<ServiceEventKind, RenderedAlert['state']>> = {
  inspection_failed: 'fires',
  inspection_restored: 'is_over',
  receiver_failing: 'briefly',
  test: 'briefly',
};

/** Kinds that end an incident. */
const OVER: ReadonlySet<string> = new Set(['recovered', 'cleared', 'host_gone']);

function subjectOf(event: PublishedEvent): string {
  return isServiceEvent(event) ? serviceEmailSubject(event) : emailSubject(event);
}

function textOf(event: PublishedEvent): string {
  return isServiceEvent(event) ? serviceEmailText(event) : emailText(event);
}

/** Blocks whose text Slack shows as it is. The text for notifications is read for markup, so that its control characters are escaped. */
export function slackMessage(event: PublishedEvent): SlackMessage {
  const subject = subjectOf(event);
  return {
    text: subject.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(subject, SLACK_HEADER), emoji: false } },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: clip(textOf(event), SLACK_TEXT) }] },
        ],
      },
    ],
  };
}

/** An Adaptive Card in the envelope that a Workflows webhook takes. Text runs have no markup. */
export function teamsMessage(event: PublishedEvent): object {
  const run = (text: string, more: object) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  });
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      run(subjectOf(event), { weight: 'Bolder', size: 'Medium' }),
      run(clip(textOf(event), SLACK_TEXT), { fontType: 'Monospace' }),
    ],
    msteams: { width: 'Full' },
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  };
}

/** Undefined where the event wakes nobody up. */
export function pagerDutyEvent(event: PublishedEvent, subject: string): PagerDutyEvent | undefined {
  const state = stateOf(event);
  if (state === undefined) return undefined;
  return {
    event_action: state === 'is_over' ? 'resolve' : 'trigger',
    // Of a long name the end has what differs.
    dedup_key: asciiText(subject).slice(-PAGERDUTY_KEY),
    payload: {
      summary: clip(subjectOf(event), PAGERDUTY_SUMMARY),
      source: clip(asciiText(event.subject), PAGERDUTY_KEY),
      severity: PAGERDUTY_SEVERITY[event.data.severity],
      timestamp: event.time,
      component: 'memory',
      class: event.type,
      custom_details: { text: textOf(event), event: event.id },
    },
  };
}

/** Undefined where the event wakes nobody up. Equal labels are the same alert, so that they hold what does not change. */
export function alertOf(event: PublishedEvent): RenderedAlert | undefined {
  const state = stateOf(event);
  if (state === undefined) return undefined;
  const { data } = event;
  const location =
    'host' in data
      ? {
          incident: data.incident,
          provider: data.host.provider,
          account: data.host.account,
          region: data.host.region ?? '',
          instance: data.host.id,
          severity: data.severity,
        }
      : { ...('account' in data && { provider: data.provider, account: data.account }), severity: data.severity };
  return {
    labels: { alertname: alertName(event), tenant: data.tenant, ...withoutEmpty(location) },
    annotations: { summary: asciiText(data.summary), description: textOf(event) },
    generatorUrl: null,
    state,
  };
}

/** A failure and its end have the same name. */
function alertName({ data }: PublishedEvent): string {
  if ('host' in data) return 'PlimsollMemory';
  if (data.kind === 'test') return 'PlimsollTest';
  return data.kind === 'receiver_failing' ? 'PlimsollReceiverFailing' : 'PlimsollInspectionFailed';
}

function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function stateOf(event: PublishedEvent): RenderedAlert['state'] | undefined {
  if (isServiceEvent(event)) return PAGES[event.data.kind];
  return OVER.has(event.data.kind) ? 'is_over' : 'fires';
}

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html: the text is Markdown, so that it is shown as code. */
export function amazonQMessage(event: PublishedEvent, subject: string): object {
  return {
    version: '1.0',
    source: 'custom',
    id: clip(event.id, PAGERDUTY_KEY),
    content: {
      textType: 'client-markdown',
      title: clip(subjectOf(event), PAGERDUTY_KEY),
      description: `\`\`\`\n${clip(textOf(event).replaceAll('`', "'"), SLACK_TEXT)}\n\`\`\``,
    },
    metadata: { threadId: asciiText(subject).slice(-PAGERDUTY_KEY), summary: clip(subjectOf(event), PAGERDUTY_KEY) },
  };
}
