/** One incident for people: the headline, how it is now, the facts, the curve, what happened, and what touches it. */

import type { Story } from '../../core/incidents/incident-story.ts';
import type { Related } from '../../core/incidents/related.ts';
import { briefOf } from '../../core/messages/compose-brief.ts';
import { shortId } from '../../core/messages/short-id.ts';
import { formatDuration, formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { Incident } from '../../core/model/incident.ts';
import type { Label, Mute } from '../../core/model/mute.ts';
import { callerName } from '../caller-name.ts';
import { hostName, SEVERITY_TONE, scopeText } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import { chartLegend, renderChart } from '../render/chart.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { chartedCurve } from './curve.ts';
import { renderEvents } from './event-text.ts';
import { labelText, muteText } from './touching-text.ts';

export interface Touching {
  readonly mutes: readonly Mute[];
  readonly labels: readonly Label[];
  readonly related: readonly Related[];
}

export interface ShowTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How the commands that are named find the deployment, for example ` --stage prod`. */
  readonly deployment: string;
}

/** Columns at which running text is broken: longer lines are hard to read. */
const TEXT_WIDTH = 100;

const CHART_COLUMNS = 72;
const CHART_ROWS = 13;
/** Columns that the labels left of a plot take at the most. */
const CHART_MARGIN = 11;
const LEAST_CHART_COLUMNS = 20;

/** Entries of the log that are shown. */
const EVENTS = 20;

/** Columns of the name of a fact. */
const NAME_WIDTH = 12;

type Fact = readonly [name: string, text: string];

export function renderStory(story: Story, touching: Touching, options: ShowTextOptions): string {
  return [
    headline(story, options),
    factLines([...stateFacts(story, options), ...findingFacts(story)], options),
    chart(story, options),
    happened(story, options),
    touchingLines(touching, options),
    next(story, options),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** What the newest change states, as its message does. */
function headline({ described: [newest], current, named }: Story, { paint, width }: ShowTextOptions): string {
  if (newest === undefined) {
    const host = current === undefined ? harmless(named.key.host) : hostName(current.resource);
    return paint('strong', wrap(`Incident of ${host}, of which the log has no change any more`, textWidth(width)));
  }
  const brief = briefOf(newest.body);
  const title = paint(SEVERITY_TONE[brief.severity], wrap(harmless(brief.headline), textWidth(width)));
  return `${title}\n${wrap(harmless(brief.lead), textWidth(width))}`;
}

function stateFacts({ named, current, isCurrent }: Story, { now }: ShowTextOptions): Fact[] {
  const { key, id } = named;
  const where: Fact[] = [
    ['id', shortId(id)],
    ['where', scopeText(key)],
  ];
  if (current === undefined) return [...where, ['status', 'not kept any more; the log has what follows']];
  if (!isCurrent) {
    const later = `episode ${current.episode}, which is ${current.status}`;
    return [...where, ['status', `over: its host is in ${later} by now`]];
  }
  return [...where, ['status', statusText(current, now)], ...peopleFacts(current), ...restFacts(current)];
}

function statusText({ status, cycle, cycleSince, since, endedAt, episode }: Incident, now: number): string {
  const lasts = endedAt === null ? `, ${formatDuration(now - cycleSince)} ago` : `; it ended at ${formatTime(endedAt)}`;
  const grows = cycle === 1 ? '' : `, cycle ${cycle} (the first was found at ${formatTime(since)})`;
  const again = episode === 1 ? '' : `, episode ${episode} of this host`;
  return `${status}${grows}${again}; found at ${formatTime(cycleSince)}${lasts}`;
}

function peopleFacts({ acknowledged, owner, lastNotifiedAt }: Incident): Fact[] {
  const note = acknowledged?.note == null ? '' : `: ${harmless(acknowledged.note)}`;
  return [
    ['taken by', owner === null ? 'nobody owns it' : harmless(owner)],
    [
      'seen by',
      acknowledged === null
        ? 'nobody acknowledged it'
        : `${callerName(acknowledged.by)} at ${formatTime(acknowledged.at)}${note}`,
    ],
    ['notified', lastNotifiedAt === null ? 'nobody was' : `last at ${formatTime(lastNotifiedAt)}`],
  ];
}

function restFacts({ fleet, dropped }: Incident): Fact[] {
  return [
    ...(fleet === null ? [] : [['fleet', `one of those of incident ${shortId(fleet)}`] as const]),
    ...(dropped === 0 ? [] : [['lost', `${counted(dropped, 'change')} since the last message`] as const]),
  ];
}

/** The facts of the newest change that states a growth, as its message has them. */
function findingFacts({ described }: Story): Fact[] {
  const [newest] = described;
  const growing = described.find(
    ({ body: { data } }) => data.leak ?? data.early ?? data.exhausted ?? data.fleet ?? data.anomaly,
  );
  const shown = growing ?? newest;
  if (shown === undefined) return [];
  const asOf: Fact[] =
    newest === shown || newest === undefined
      ? []
      : [
          [
            'as of',
            `${formatTime(shown.change.at)}, ${shown.body.data.anomaly ? 'when it was last seen' : 'when it last grew'}`,
          ],
        ];
  const ended =
    newest === shown ? [] : briefOf(newest?.body ?? shown.body).facts.filter(({ label }) => label === 'Ended');
  const facts = [...ended, ...briefOf(shown.body).facts].filter(({ label }) => label !== 'Tenant');
  return [...asOf, ...facts.map(({ label, text }): Fact => [label.toLowerCase(), harmless(text)])];
}

function factLines(facts: readonly Fact[], { paint, width }: ShowTextOptions): string {
  const indent = ' '.repeat(NAME_WIDTH + 1);
  return facts
    .map(([name, text]) => `${paint('dim', name.padEnd(NAME_WIDTH))} ${wrap(text, textWidth(width), indent)}`)
    .join('\n');
}

function chart(story: Story, { width, paint }: ShowTextOptions): string {
  const curve = chartedCurve(story);
  if (curve === undefined || curve.series.times.length === 0) return '';
  const { series, marks } = curve;
  const columns = Math.max(LEAST_CHART_COLUMNS, Math.min(CHART_COLUMNS, width - CHART_MARGIN));
  const lines = renderChart(series, { columns, rows: CHART_ROWS, paint, ...marks });
  return [...lines, paint('dim', wrap(chartLegend(marks), width))].join('\n');
}

function happened({ events, unlogged, hasMore, named }: Story, { paint, width, deployment }: ShowTextOptions): string {
  const waiting = unlogged.map(
    ({ kind, at, severity, notBefore }) =>
      `${formatTime(at)}: ${kind.replaceAll('_', ' ')} (${severity}), ${waitsText(notBefore)}`,
  );
  const more = hasMore || events.length > EVENTS;
  const rest = `${PLIMSOLL} incidents events ${shortId(named.id)} --tenant ${named.tenant}${deployment}`;
  return [
    paint('strong', 'What happened'),
    ...waiting,
    renderEvents(events.slice(0, EVENTS), true, { width, paint }),
    ...(more ? [paint('dim', `The latest ${EVENTS} are shown. All: ${rest}`)] : []),
  ].join('\n');
}

/** A change that is put off is looked at again within the hour: what put it off may have been taken back. */
function waitsText(notBefore: number | undefined): string {
  if (notBefore === undefined) return 'not decided or not sent yet';
  return `put off; it is decided again at ${formatTime(notBefore)} at the latest`;
}

function touchingLines({ mutes, labels, related }: Touching, options: ShowTextOptions): string {
  const { paint, width, now } = options;
  const lines = (title: string, texts: readonly string[]) =>
    texts.length === 0
      ? []
      : [paint('strong', title), ...texts.map((text) => `  ${wrap(text, textWidth(width), '    ')}`)];
  const near = related.map(({ incident: { id, key, name, status, severity, cycleSince }, by }) => {
    const host = hostName({ ...key, id: key.host, ...(name !== null && { name }) });
    return `${shortId(id)}  ${host}: ${status}, ${severity}, found at ${formatTime(cycleSince)}; same ${by}`;
  });
  return [
    ...lines(
      'Mutes',
      mutes.map((mute) => muteText(mute, now)),
    ),
    ...lines(
      'Labels',
      labels.map((label) => labelText(label)),
    ),
    ...lines('Related', near),
  ].join('\n');
}

/** What can be done, with the commands filled in. */
function next({ named: { id, tenant }, current, isCurrent }: Story, { paint, deployment }: ShowTextOptions): string {
  if (current === undefined || !isCurrent || current.status === 'closed') return '';
  const of = `${shortId(id)} --tenant ${tenant}${deployment}`;
  const commands = [
    ...(current.acknowledged === null ? [`incidents ack ${of}`] : []),
    `incidents mute ${of} --for 7d --reason WHY`,
    `incidents label ${of} false-positive --reason WHY`,
  ];
  return paint('dim', commands.map((command) => `${PLIMSOLL} ${command}`).join('\n'));
}

function textWidth(width: number): number {
  return Math.min(width, TEXT_WIDTH);
}
