/**
 * Draws docs/leak.svg, the picture of the README: one leak of the demo's fleet with its curve, its forecast, the processes that
 * grew and the email that a subscriber gets. Every figure comes from an inspection of the demo's fleet: `node docs/picture.ts`.
 * docs/recovered.svg is the same host some hours later; what it uses then is what it used before it grew. docs/anomaly.svg is a processor that was
 * above what was expected of it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDemoSelection } from '../cli/demo/action.ts';
import { inspectionSteps } from '../cli/source/inspection-steps.ts';
import { composeNotification } from '../core/incidents/compose-notification.ts';
import { sendEverything } from '../core/incidents/decide.ts';
import { observe } from '../core/incidents/observation.ts';
import { transition } from '../core/incidents/transition.ts';
import type { Change } from '../core/model/change.ts';
import type { Decision } from '../core/model/decision.ts';
import type { Incident } from '../core/model/incident.ts';
import { isLeaking, type LeakingHost } from '../core/model/inspected-host.ts';
import type { Notification } from '../core/model/notification.ts';
import type { Series } from '../core/model/series.ts';
import { anomalyPicture } from './anomaly-picture.ts';
import { bytes, COLOUR, emailBox, MARGIN, percent, round, svg, TEXT, text } from './drawing.ts';

const HOST = 'checkout-1';

/** The account and region in which the demo has the host. */
const LOCATION = { account: '111111111111', region: ['eu-west-1'] };

const HOUR = 3_600_000;

/** Hours of the lookback window that are drawn: enough to see that the host was flat before. */
const HOURS_SHOWN = 40;

/** Hours after the leak was found that the picture of its end shows. */
const HOURS_AFTER = 8;

const PLOT = { left: 104, right: 690, top: 172, bottom: 470 } as const;

interface Sent {
  readonly incident: Incident;
  readonly change: Change;
  readonly decision: Decision;
}

interface Finding extends Sent {
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
    const sent = change.outcome === 'unchanged' ? undefined : await sentBy(change.incident);
    if (sent === undefined) break;
    return {
      leak: step.inspected,
      ...sent,
      notification: composeNotification(sent.incident, sent.change, sent.decision),
    };
  }
  throw new Error(`The demo's host ${HOST} is no longer found as a leak: name another one in docs/picture.ts.`);
}

async function sentBy(incident: Incident): Promise<Sent | undefined> {
  const [change] = incident.undecided;
  if (change === undefined) return undefined;
  const { decisions } = await sendEverything(incident.key.tenant, [{ incident, change }], incident.asOf);
  const [decided] = decisions;
  return decided && { incident, change, decision: decided.decision };
}

function openedPicture({ leak, notification }: Finding): string {
  const consumers = consumerRows(leak, PLOT.bottom + 135);
  const email = emailBox(notification, PLOT.bottom + 155 + consumers.height, '4. ');
  const height = PLOT.bottom + 155 + consumers.height + email.height + MARGIN;
  return svg(height, description(leak), [
    ...heading(leak),
    ...chart(leak),
    text(MARGIN, PLOT.bottom + 110, 'Who grew', { bold: true }),
    ...consumers.elements,
    ...email.elements,
  ]);
}

/** The same host some hours later: its memory was given back, as by a restart, and stays as it was before the growth. */
function recoveredPicture({ leak, incident, change, decision }: Finding): string {
  const { series, verdict } = leak;
  const { end } = series.window;
  const began = verdict.evidence.onset?.start ?? end;
  const now = end + HOURS_AFTER * HOUR;
  const calm = pairsOf(series).filter(({ time }) => time < began && time >= began - HOURS_AFTER * HOUR);
  const after = calm.map(({ time, value }) => ({ time: time + (end - began) + HOURS_AFTER * HOUR, value }));
  const ageHours = Math.round((end - began) / HOUR);
  const { leak: _, ...facts } = change;
  const recovered: Change = {
    ...facts,
    number: change.number + 1,
    kind: 'recovered',
    at: now,
    end: { how: 'memory_given_back', ageHours, confidence: null },
  };
  const body = composeNotification(incident, recovered, decision);
  const x = scale(now - HOURS_SHOWN * HOUR, now);
  const points = [...pairsOf(series), ...after].filter(({ time }) => time >= now - HOURS_SHOWN * HOUR);
  const email = emailBox(body, PLOT.bottom + 75, 'Graph:');
  return svg(
    PLOT.bottom + 75 + email.height + MARGIN,
    `Memory of ${HOST}: it rose, was given back, and stays low; and the email about it`,
    [
      text(MARGIN, 58, `${HOST} has recovered`, { size: TEXT.title, bold: true }),
      text(MARGIN, 98, `the memory was given back after ${ageHours} h`, { colour: COLOUR.quiet }),
      ...axes(x, now),
      `<path d="M${x(end)} ${PLOT.top}V${PLOT.bottom}" stroke="${COLOUR.good}" stroke-width="3" stroke-dasharray="6 6"/>`,
      text(x(end) - 12, PLOT.top + 44, 'given back', { colour: COLOUR.good, anchor: 'end' }),
      curve(points, x),
      ...email.elements,
    ],
  );
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
  const x = scale(begin, latest);
  return [
    ...axes(x, end),
    ...onset(evidence, x),
    ...forecast(evidence, x, end),
    curve(
      pairsOf(series).filter(({ time }) => time >= begin),
      x,
    ),
    text(x(end) - 12, y(evidence.level) - 6, `${percent(evidence.level)} now`, { colour: COLOUR.curve, anchor: 'end' }),
  ];
}

/** From times to units of the picture. */
function scale(begin: number, end: number): (time: number) => number {
  return (time) => round(PLOT.left + ((time - begin) / (end - begin)) * (PLOT.right - PLOT.left));
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

interface Sample {
  readonly time: number;
  readonly value: number;
}

function pairsOf({ times, values }: Series): Sample[] {
  return [...times].flatMap((time, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ time, value }];
  });
}

function curve(samples: readonly Sample[], x: (time: number) => number): string {
  const points = samples.map(({ time, value }) => `${x(time)},${y(value)}`).join(' ');
  return `<polyline points="${points}" fill="none" stroke="${COLOUR.curve}" stroke-width="5" stroke-linejoin="round"/>`;
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

/** @param level A fraction of the host's memory. */
function y(level: number): number {
  return round(PLOT.bottom - level * (PLOT.bottom - PLOT.top));
}

const finding = await findLeak();
await writeFile(join(import.meta.dirname, 'leak.svg'), openedPicture(finding));
await writeFile(join(import.meta.dirname, 'recovered.svg'), recoveredPicture(finding));
await writeFile(join(import.meta.dirname, 'anomaly.svg'), await anomalyPicture());
