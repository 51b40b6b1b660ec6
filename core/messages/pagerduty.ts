/** An event of PagerDuty's Events API v2, without the routing key, which is a secret: https://developer.pagerduty.com/docs/send-alert-event */
import type { Severity } from '../model/finding.ts';
import type { PublishedEvent } from '../model/service-event.ts';
import type { Brief } from './brief.ts';
import { briefOf } from './compose-brief.ts';
import { boundedKey } from './keys.ts';
import { clip, displayText } from './plain-text.ts';

export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'critical' | 'error' | 'warning' | 'info';
    readonly timestamp: string;
    readonly component?: string;
    readonly group?: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

const DEDUP_KEY_LENGTH = 255;
const SUMMARY_LENGTH = 1024;

/** Of all details together: the API takes events of 512 KB, and people read far less. */
const DETAIL_LENGTH = 1000;
const DETAILS = 40;

const SEVERITIES: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

/**
 * Null where it is not meant to wake somebody up: a trigger does, where nothing is open under its key, as after somebody resolved it by hand.
 * An end resolves whatever began it; PagerDuty ignores one of a key under which nothing is open.
 */
export function pagerDutyEvent(event: PublishedEvent): PagerDutyEvent | null {
  const brief = briefOf(event);
  const dedup_key = boundedKey(brief.subject, DEDUP_KEY_LENGTH);
  switch (brief.state) {
    case 'notice':
      return null;
    case 'resolved':
      return { event_action: 'resolve', dedup_key };
    case 'firing':
      return brief.page ? triggered(brief, dedup_key) : null;
  }
}

function triggered(brief: Brief, dedup_key: string): PagerDutyEvent {
  const { headline, lead, source, component, severity, time, group, kind, links } = brief;
  return {
    event_action: 'trigger',
    dedup_key,
    client: 'Plimsoll',
    payload: {
      summary: clip(`${headline}. ${lead}`, SUMMARY_LENGTH),
      source: source === '' ? 'unknown' : source,
      severity: SEVERITIES[severity],
      timestamp: time,
      ...(group !== null && group !== '' && { group }),
      component,
      class: kind,
      custom_details: details(brief),
    },
    links: links.map(({ text, href }) => ({ href, text })),
  };
}

/** Facts that go on with the one before, and steps, are numbered: a key stands for one text. */
function details({ facts, steps, id, tenant }: Brief): Record<string, string> {
  const entries: [string, string][] = [];
  for (const { label, text } of facts) {
    const before = entries.at(-1);
    if (label !== '') entries.push([label, text]);
    else if (before === undefined) entries.push(['Facts', text]);
    else before[1] += `; ${text}`;
  }
  for (const [index, { text, command }] of steps.entries()) {
    entries.push([`Step ${index + 1}`, command === undefined ? text : `${text} ${command}`]);
  }
  entries.push(['Tenant', tenant], ['Event', displayText(id, DETAIL_LENGTH)]);
  return Object.fromEntries(entries.slice(-DETAILS).map(([key, text]) => [key, clip(text, DETAIL_LENGTH)]));
}
