/**
 * Draws docs/leak.svg, the picture of the README: one leak of the demo's fleet with its curve, its forecast, the processes that
 * grew and the email that a subscriber gets. Every figure comes from an inspection of the demo's fleet: `node docs/picture.ts`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import wrapAnsi from 'wrap-ansi';
import { openDemoSelection } from '../cli/demo/action.ts';
import { inspectionSteps } from '../cli/source/inspection-steps.ts';
import { composeNotification } from '../core/incidents/compose-notification.ts';
import { sendEverything } from '../core/incidents/decide.ts';
import { observe } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import { emailSubject, emailText } from '../core/messages/email.ts';
import type { Incident } from '../core/model/incident.ts';
import { isLeaking, type LeakingHost } from '../core/model/inspected-host.ts';
import type { Notification } from '../core/model/notification.ts';
import type { Series } from '../core/model/series.ts';

const HOST = 'checkout-1';

/** The account and region in which the demo has the host. */
const LOCATION = { account: '111111111111', region: ['eu-west-1'] };

const HOUR = 3_600_000;

/** Hours of the lookback window that are drawn: enough to see that the host was flat before. */
const HOURS_SHOWN = 40;

/** Units of the SVG. A phone shows 720 of them on 360 px, so that text of 24 units is 12 px high there. */
const WIDTH = 720;
const MARGIN = 36;
const PLOT = { left: 104, right: 690, top: 172, bottom: 470 } as const;
const TEXT = { title: 36, body: 25, mono: 23 } as const;
const LINE_HEIGHT = 32;
const EMAIL_COLUMNS = 45;
/** Columns of the labels at the left of an email. */
const EMAIL_LABEL = 10;

const COLOUR = {
  background: '#ffffff',
  frame: '#d0d7de',
  text: '#1f2328',
  quiet: '#59636e',
  curve: '#0969da',
  forecast: '#bc4c00',
  interval: '#fff1e5',
  email: '#f6f8fa',
} as const;

interface Finding {
  readonly leak: LeakingHost;
  readonly notification: Notification;
}

type Evidence = LeakingHost['verdict']['evidence'];

/** Inspects the demo's host, and composes the event that a first inspection publishes. */
async function findLeak(): Promise<Finding> {
  await using selection = await openDemoSelection(LOCATION);
  const id = selection.hostIds?.get(HOST);
  const targets = selection.targets.map((target) => ({ ...target, filters: [{ include: [{ id: id ?? HOST }] }] }));
  const steps = inspectionSteps({ targets, scheduledTime: selection.scheduledTime }, new AbortController().signal);
  for await (const step of steps) {
    if (step.kind !== 'host' || !isLeaking(step.inspected)) continue;
    const { tenant, policies } = step.target;
    const observation = observe(tenant, step.inspected);
    if (observation === undefined) break;
    const change = transition(undefined, observation, policies.common.recoverAfter, selection.now);
    const notification = change.outcome === 'unchanged' ? undefined : await notificationOf(change.incident);
    if (notification !== undefined) return { leak: step.inspected, notification };
  }
  throw new Error(`The demo's host ${HOST} is no longer found as a leak: name another one in docs/picture.ts.`);
}

async function notificationOf(incident: Incident): Promise<Notification | undefined> {
  const [change] = incident.undecided;
  if (change === undefined) return undefined;
  const { decisions } = await sendEverything(incident.key.tenant, [{ incident, change }], incident.asOf);
  const [decided] = decisions;
  return decided && composeNotification(incident, change, decided.decision);
}

function picture({ leak, notification }: Finding): string {
  const email = emailLines(notification);
  const consumers = consumerRows(leak, PLOT.bottom + 135);
  const emailTop = PLOT.bottom + 135 + consumers.height + 20;
  const height = emailTop + 75 + email.length * LINE_HEIGHT + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(description(leak))}</title>`,
    '<style>text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}',
    '.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}</style>',
    `<rect x="1" y="1" width="${WIDTH - 2}" height="${height - 2}" rx="16" fill="${COLOUR.background}" stroke="${COLOUR.frame}"/>`,
    ...heading(leak),
    ...chart(leak),
    text(MARGIN, PLOT.bottom + 110, 'Who grew', { bold: true }),
    ...consumers.elements,
    text(MARGIN, emailTop + 30, 'The email that a subscriber gets', { bold: true }),
    `<rect x="20" y="${emailTop + 48}" width="${WIDTH - 40}" height="${email.length * LINE_HEIGHT + 26}" rx="8" fill="${COLOUR.email}"/>`,
    ...email.map((line, index) => monospaced(MARGIN, emailTop + 84 + index * LINE_HEIGHT, line)),
    '</svg>',
    '',
  ].join('\n');
}

function heading({ verdict }: LeakingHost): string[] {
  const { growthPerHour, confidence } = verdict.evidence;
  return [
    text(MARGIN, 58, `${HOST} grows like a leak`, { size: TEXT.title, bold: true }),
    text(
      MARGIN,
      98,
      `by ${percent(growthPerHour.estimate, 2)} an hour; ${verdict.grade}, confidence ${percent(confidence)}`,
      {
        colour: COLOUR.quiet,
      },
    ),
  ];
}

function description({ verdict }: LeakingHost): string {
  const growth = percent(verdict.evidence.growthPerHour.estimate, 2);
  return `Memory of ${HOST}: flat, then a rise of ${growth} an hour, the forecast until it is full, the processes that grew, and the email about it`;
}

/** The curve as it was evaluated, and what is expected when it goes on. */
function chart({ series, verdict }: LeakingHost): string[] {
  const { evidence } = verdict;
  const { end } = series.window;
  const begin = end - HOURS_SHOWN * HOUR;
  const latest = (evidence.exhaustion.kind === 'expected' && evidence.exhaustion.latest) || end;
  const x = (time: number) => round(PLOT.left + ((time - begin) / (latest - begin)) * (PLOT.right - PLOT.left));
  return [
    ...axes(x, end),
    ...onset(evidence, x),
    ...forecast(evidence, x, end),
    `<polyline points="${pointsOf(series, begin, x)}" fill="none" stroke="${COLOUR.curve}" stroke-width="5" stroke-linejoin="round"/>`,
    text(x(end) - 12, y(evidence.level) - 6, `${percent(evidence.level)} now`, { colour: COLOUR.curve, anchor: 'end' }),
  ];
}

function axes(x: (time: number) => number, end: number): string[] {
  const levels = [0, 0.5, 1].flatMap((level) => [
    `<path d="M${PLOT.left} ${y(level)}H${PLOT.right}" stroke="${COLOUR.frame}" stroke-width="2"/>`,
    text(PLOT.left - 12, y(level) + 9, percent(level), { colour: COLOUR.quiet, anchor: 'end' }),
  ]);
  const dayBefore = text(x(end - 24 * HOUR), PLOT.bottom + 38, '24 h ago', { colour: COLOUR.quiet, anchor: 'middle' });
  const now = text(x(end), PLOT.bottom + 38, 'now', { colour: COLOUR.quiet, anchor: 'middle' });
  const line = `<path d="M${x(end)} ${PLOT.top}V${PLOT.bottom}" stroke="${COLOUR.frame}" stroke-width="2" stroke-dasharray="6 6"/>`;
  return [...levels, line, dayBefore, now];
}

function onset({ onset: began }: Evidence, x: (time: number) => number): string[] {
  if (began === null) return [];
  const middle = x((began.start + began.end) / 2);
  return [text(middle, y(0.16), '▲ onset', { colour: COLOUR.quiet, anchor: 'middle' })];
}

function forecast({ exhaustion, level }: Evidence, x: (time: number) => number, end: number): string[] {
  if (exhaustion.kind !== 'expected') return [];
  const { earliest, likely, latest } = exhaustion;
  const hours = (time: number) => `${Math.round((time - end) / HOUR)} h`;
  const from = `${x(end)} ${y(level)}`;
  const range = latest === null ? '' : ` (${Math.round((earliest - end) / HOUR)}–${hours(latest)})`;
  return [
    `<path d="M${from}L${x(earliest)} ${y(1)}H${x(latest ?? likely)}Z" fill="${COLOUR.interval}"/>`,
    `<path d="M${from}L${x(likely)} ${y(1)}" stroke="${COLOUR.forecast}" stroke-width="5" stroke-dasharray="10 7"/>`,
    text(PLOT.right, y(1) - 14, `full in ${hours(likely)}${range} if it goes on`, {
      colour: COLOUR.forecast,
      anchor: 'end',
    }),
  ];
}

function pointsOf({ times, values }: Series, begin: number, x: (time: number) => number): string {
  const points: string[] = [];
  for (const [index, time] of times.entries()) {
    const value = values[index];
    if (value !== undefined && time >= begin) points.push(`${x(time)},${y(value)}`);
  }
  return points.join(' ');
}

/** One row for each process that grew, with a bar for its share of the rise. */
function consumerRows({ attribution }: LeakingHost, top: number): { elements: string[]; height: number } {
  const grown = attribution?.kind === 'attributed' ? attribution.grown.slice(0, 3) : [];
  const elements = grown.flatMap(({ consumer, rise, share }, index) => {
    const baseline = top + 22 + index * 42;
    const part = share?.estimate ?? 0;
    return [
      text(MARGIN, baseline, consumer.name),
      `<rect x="260" y="${baseline - 22}" width="${round(Math.max(part * 180, 3))}" height="26" rx="3" fill="${COLOUR.curve}"/>`,
      text(530, baseline, percent(part), { anchor: 'end' }),
      text(PLOT.right, baseline, `+${bytes(rise.estimate)}`, { colour: COLOUR.quiet, anchor: 'end' }),
    ];
  });
  return { elements, height: grown.length * 42 };
}

/** The subject and the facts, up to the checks, wrapped under their labels. */
function emailLines(notification: Notification): string[] {
  const [facts = ''] = emailText(notification).split(/\n {10,}[+-] /);
  const lines = [`Subject: ${emailSubject(notification)}`, '', ...facts.split('\n').slice(2), '…'];
  return lines.flatMap((line) => (/^.{8} {2}\S/.test(line) ? labelled(line) : wrapped(line, EMAIL_COLUMNS)));
}

function labelled(line: string): string[] {
  const [first = '', ...more] = wrapped(line.slice(EMAIL_LABEL), EMAIL_COLUMNS - EMAIL_LABEL);
  return [line.slice(0, EMAIL_LABEL) + first, ...more.map((part) => ' '.repeat(EMAIL_LABEL) + part)];
}

function wrapped(line: string, columns: number): string[] {
  return wrapAnsi(line, columns, { hard: true }).split('\n');
}

interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

function text(
  x: number,
  baseline: number,
  content: string,
  { size = TEXT.body, colour = COLOUR.text, anchor = 'start', bold = false }: TextStyle = {},
): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${baseline}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${weight}>${escaped(content)}</text>`;
}

function monospaced(x: number, baseline: number, content: string): string {
  return `<text class="mono" xml:space="preserve" x="${x}" y="${baseline}" font-size="${TEXT.mono}" fill="${COLOUR.text}">${escaped(content)}</text>`;
}

/** @param level A fraction of the host's memory. */
function y(level: number): number {
  return round(PLOT.bottom - level * (PLOT.bottom - PLOT.top));
}

function percent(fraction: number, digits = 0): string {
  return `${(fraction * 100).toFixed(digits)} %`;
}

function bytes(value: number): string {
  const gib = value / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(2)} GiB` : `${Math.round(value / 2 ** 20)} MiB`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

await writeFile(join(import.meta.dirname, 'leak.svg'), picture(await findLeak()));
