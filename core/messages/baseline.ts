/** What was learned from weeks, in words. */
import type { Baseline, BaselineSegment, RefreshReason, SegmentUse, Validation } from '../model/baseline.ts';
import type { HostBaseline, RefreshRecord } from '../model/host-baseline.ts';
import type { WeeksOutlook, WeeksReason } from '../model/weeks-outlook.ts';
import { formatTime, formatWindow } from './times.ts';
import { counted, formatShare } from './units.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK_DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Why a segment was learned from, or was not. */
const SEGMENT_USE_TEXT: Readonly<Record<SegmentUse, string>> = {
  used: 'learned from',
  incomplete: 'left out: samples are missing',
  too_short: 'left out: it is shorter than two days',
  unstable: 'left out: its level moves too much',
  rising: 'left out: it rises, and has not come back or levelled off by itself',
  incident: 'left out: an incident was open',
  label: 'left out: a label calls it a leak',
  newest: 'kept to test what was learned',
};

/** What became of a refresh. */
const REFRESH_TEXT: Readonly<Record<RefreshReason, string>> = {
  first: 'it is the first one, and foretells the newest days no worse than their level before',
  better: 'it foretells the newest days better than the one before',
  as_good: 'it foretells the newest days as well as the one before, and knows newer ones',
  worse_than_previous: 'the one before foretells the newest days better',
  worse_than_none: 'the level before the newest days foretells them better',
  unlearned: 'too little of what was read can be learned from',
  untested: 'the newest days cannot be compared',
};

const DUE_TEXT: Readonly<Record<RefreshRecord['due'], string>> = {
  none_yet: 'there was none',
  age: 'a week has passed',
  worse: 'it did worse than when it was tested',
};

const OUTCOME_TEXT: Readonly<Record<RefreshRecord['outcome'], string>> = {
  replaced: 'a new one is used',
  kept: 'the one before is kept',
  none: 'none is used',
  rolled_back: 'the one before that is used again',
};

const WEEKS_TEXT: Readonly<Record<WeeksReason, string>> = {
  grows: 'it grows',
  grows_across_restarts: 'it grows, and after each restart it comes back to more',
  levelled_off: 'it grew, and has stood still or come back since',
  steps: 'it grew in one jump or a few',
  refill: 'it has come back, after a restart, to where it was before',
  within_habits: 'it moves as it did in the weeks before',
  no_growth: 'it does not grow',
  too_short: 'there are fewer than ten days, or too many gaps in them',
};

/** A line of an explanation: what it is about, and the text. */
export type BaselineFact = readonly [name: string, text: string];

/** What is known of a host from its weeks, in the order in which a person reads it. */
export function baselineFacts(record: HostBaseline): BaselineFact[] {
  const { baseline, weeks, refreshes, segments } = record;
  return [
    ...(baseline === null ? ([['baseline', noneText(refreshes.at(-1))]] as const) : learnedFacts(baseline)),
    ...(weeks === null ? [] : ([['weeks', weeksText(weeks)]] as const)),
    ...segmentFacts(baseline?.segments ?? segments),
    ...refreshFacts(record),
  ];
}

function noneText(last: RefreshRecord | undefined): string {
  return last === undefined ? 'none was learned yet' : `none: ${REFRESH_TEXT[last.reason]}`;
}

function learnedFacts(baseline: Baseline): BaselineFact[] {
  const { span, hours, level, low, high, highest, noise, validation, limitKnown } = baseline;
  const of = limitKnown ? '' : ', of the highest level that was read, because its limit is not known';
  return [
    ['learned', `from ${counted(hours, 'hour')} in ${formatWindow(span)}`],
    [
      'level',
      `${points(level)} %, nine of ten hours between ${points(low)} and ${points(high)} %, at most ${points(highest)} %${of}`,
    ],
    ['season', seasonText(baseline)],
    ['noise', `${points(noise.hour)} points from hour to hour, ${points(noise.day)} from day to day`],
    ['plateaus', plateausText(baseline)],
    ['growths', growthsText(baseline)],
    ['tested', validation === null ? 'it was not' : validationText(validation)],
  ];
}

function seasonText({ season }: Pick<Baseline, 'season'>): string {
  if (season.length === 0) return 'none that foretells its weeks';
  const [least, most] = [Math.min(...season), Math.max(...season)];
  return `of the week: ${signed(most)} points at ${hourText(season.indexOf(most))}, ${signed(least)} at ${hourText(season.indexOf(least))}`;
}

/** `Monday 06:00 UTC` of an hour of the week. */
function hourText(hour: number): string {
  return `${WEEK_DAYS[Math.floor(hour / 24)] ?? ''} ${String(hour % 24).padStart(2, '0')}:00 UTC`;
}

function signed(hundredths: number): string {
  return `${hundredths < 0 ? '−' : '+'}${points(Math.abs(hundredths) / 100)}`;
}

function plateausText({ plateaus }: Pick<Baseline, 'plateaus'>): string {
  if (plateaus.length === 0) return 'none';
  return plateaus.map(({ level, seen }) => `${points(level)} % (${seen === 1 ? 'once' : `${seen} times`})`).join(', ');
}

function growthsText({ growths }: Pick<Baseline, 'growths'>): string {
  if (growths.length === 0) return 'none that ended by itself';
  const each = growths.map(({ hours, rise }) => `${points(rise)} in ${hours < 48 ? `${hours} h` : `${hours / 24} d`}`);
  return `at most, in points: ${each.join(', ')}`;
}

function validationText({ hours, error, withoutBaseline, previous }: Validation): string {
  const before = previous === null ? '' : `, by the one before to ${points(previous)}`;
  return `the newest ${hours} h are foretold to ${points(error)} points, by their level before to ${points(withoutBaseline)}${before}`;
}

const GROWS: ReadonlySet<WeeksReason> = new Set(['grows', 'grows_across_restarts']);

function weeksText({ window, confidence, reason, growthPerHour, since }: WeeksOutlook): string {
  const growth =
    since === null || !GROWS.has(reason)
      ? ''
      : ` by ${points(growthPerHour.estimate * 24)} points a day since ${formatTime(since)}`;
  return `${WEEKS_TEXT[reason]}${growth}; as of ${formatTime(window.end)}, confidence that it leaks ${formatShare(confidence)}`;
}

function segmentFacts(segments: readonly BaselineSegment[]): BaselineFact[] {
  return segments.map((segment, index) => [
    index === 0 ? 'segments' : '',
    `${formatWindow(segment)}: ${SEGMENT_USE_TEXT[segment.use]}`,
  ]);
}

/** Days after which a baseline is learned anew, see `refreshDue`. */
const REFRESH_DAYS = 7;

function refreshFacts({ baseline, refreshes }: Pick<HostBaseline, 'baseline' | 'refreshes'>): BaselineFact[] {
  const next =
    baseline === null
      ? 'with each deep read, once a day'
      : `from ${formatTime(baseline.learnedAt + REFRESH_DAYS * DAY)} on, or sooner where it does worse`;
  const last = refreshes
    .toReversed()
    .map(
      ({ at, due, outcome, reason }, index): BaselineFact => [
        index === 0 ? 'refreshes' : '',
        `${formatTime(at)}, because ${DUE_TEXT[due]}: ${OUTCOME_TEXT[outcome]}, ${REFRESH_TEXT[reason]}`,
      ],
    );
  return [['refreshed', next], ...last];
}

/** At most two digits behind the point. */
function points(value: number): string {
  return String(Math.round(value * 100) / 100).replace('-', '−');
}
