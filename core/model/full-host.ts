/** A host near its limit: it stands there, or is restarted there again and again. It need not grow, so that it is no leak by its verdict. */
import * as z from 'zod';
import type { Severity } from './finding.ts';
import type { FindingKind } from './metrics.ts';
import type { Notation } from './notation.ts';
import type { Resource, Series } from './series.ts';

/** Fraction of the limit from which a host is full: a kill or swapping is near, and growth has no room to be seen. */
export const FULL_FROM = 0.9;

/** The hours that decide whether a host is full now. */
export const RECENT_HOURS = 6;

/**
 * `filling_again`: its memory fell from the top several times, and grew back over hours. `stands_at_the_top`: it grew to the top within
 * the window, where it had not been, and stays. `steady_full`: it was there before too, always or on and off: sized so, as databases are.
 */
export const FULL_KINDS = ['filling_again', 'stands_at_the_top', 'steady_full'] as const;
export type FullKind = (typeof FULL_KINDS)[number];

/**
 * Pages that a host reads back from disk (major page faults), a second: medians of hours, the last ones and those before. `risen`: each of the last
 * hours is far above what is usual for the host.
 */
export function pageFaultsSchema<Figure extends z.ZodType>(figure: Figure) {
  return z.strictObject({ perSecond: figure, usual: figure, risen: z.boolean() }).readonly();
}

export type PageFaults = z.output<ReturnType<typeof pageFaultsSchema<z.ZodNumber>>>;

/** What shows that a host is full. Levels are fractions of the limit. */
export function fullHostSchema<Time extends z.ZodType, Figure extends z.ZodType>({
  time,
  figure,
}: Notation<Time, Figure>) {
  return z
    .strictObject({
      kind: z.enum(FULL_KINDS),
      /** The floor of the last hour, and the highest sample of the window. */
      level: figure,
      highest: figure,
      /** Share of the last hours, in [0, 1], whose floor and whose peak are at the top, and how many hours those are. */
      floorShare: figure,
      peakShare: figure,
      recentHours: figure,
      /** Since when it has been full without a pause of hours; null where it is not full now. May be the start of the window. */
      since: time.nullable(),
      /** When memory fell from the top and then grew back over hours, or has not yet, oldest first. */
      falls: z.array(time).readonly(),
      /** The median hours from such a fall until it was full again; null where it never was. */
      hoursToFull: figure.nullable(),
      /** Whether the floor still grows, by the interval of its growth. */
      grows: z.boolean(),
      /** Absent where nobody collects them, or where they have not been read. */
      pageFaults: pageFaultsSchema(figure).exactOptional(),
    })
    .readonly();
}

export type FullHost = z.output<ReturnType<typeof fullHostSchema<z.ZodNumber, z.ZodNumber>>>;

/** The finding about a full host. */
export interface FullFinding {
  readonly kind: Extract<FindingKind, 'exhausted'>;
  readonly resource: Resource;
  readonly full: FullHost;
}

/**
 * Whether a full host is a finding by default: one that was sized so would be reported for ever. One that was always full and now reads its pages
 * back from disk was not sized so.
 */
export function isFullFinding(full: FullHost): boolean {
  return full.kind !== 'steady_full' || isThrashing(full);
}

/** Whether memory is full now and does not suffice: what is needed is read back from disk, again and again. */
export function isThrashing({
  since,
  pageFaults,
}: Pick<FullHost, 'pageFaults'> & { readonly since: unknown }): boolean {
  return since !== null && pageFaults?.risen === true;
}

/** From which sample on a host is full, in the unit of the series; not a number where the limit is not known. */
export function topOf({ unit, limit = Number.NaN }: Pick<Series, 'unit' | 'limit'>): number {
  return FULL_FROM * (unit === '1' ? 1 : limit);
}

/** Whether no sample of the last hours is at the top, of a host whose limit is known. Without a sample in them it is not. */
export function isBelowTop({ times, values, window, ...series }: Series): boolean {
  const top = topOf(series);
  const from = window.end - RECENT_HOURS * 3_600_000;
  const recent = values.filter((_, index) => (times[index] ?? 0) >= from);
  return recent.length > 0 && recent.every((value) => value < top);
}

/** A level from which nothing is left for peaks that no sample shows. */
const AT_THE_LIMIT = 0.97;
/** A host that is full again within a day needs somebody today. */
const SOON_HOURS = 24;

/**
 * Critical where memory is at its limit now and grows, fell from it before, or does not suffice; high where it stands at the top or soon will again. Of
 * a host that was always full page faults may be of mapped files too.
 */
export function fullHostSeverity(full: FullHost): Severity {
  const { kind, highest, since, falls, grows, hoursToFull } = full;
  if (kind === 'steady_full') return isThrashing(full) ? 'medium' : 'low';
  const isWorse = grows || falls.length > 0 || isThrashing(full);
  if (since !== null && highest >= AT_THE_LIMIT && isWorse) return 'critical';
  return since !== null || (hoursToFull !== null && hoursToFull < SOON_HOURS) ? 'high' : 'medium';
}
