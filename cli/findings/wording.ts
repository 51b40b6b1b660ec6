/** The words for hosts, verdicts and reasons that every command uses, so that they are the same everywhere. */

import type { UnattributedReason } from '../../core/model/attribution.ts';
import type { Severity } from '../../core/model/finding.ts';
import type { NotMonitored, Resource, Scope, UnreadableReason } from '../../core/model/series.ts';
import type { Exhaustion } from '../../core/model/verdict.ts';
import { harmless, type Tone } from '../render/text.ts';
import { formatDuration, formatDurationRange } from '../render/units.ts';

const MINUTE = 60_000;

export const SEVERITY_TONE: Readonly<Record<Severity, Tone>> = {
  low: 'dim',
  medium: 'accent',
  high: 'warn',
  critical: 'bad',
};

export const NOT_READ: Readonly<Record<UnreadableReason, string>> = {
  denied: 'access was denied',
  not_found: 'it was not found',
  throttled: 'the provider throttled the request',
  timeout: 'the provider did not answer in time',
  truncated: 'the answer was cut short',
  malformed: 'what came back makes no sense',
  unavailable: 'the provider was not available',
};

export const NOT_COLLECTED: Readonly<Record<NotMonitored['reason'], string>> = {
  not_reported: 'its memory has never been reported',
  stopped_reporting: 'its memory used to be reported and no longer is',
  unsupported: 'its memory cannot be collected',
  incommensurable: 'what is collected cannot be held against its memory',
};

export const NOT_ATTRIBUTED: Readonly<Record<UnattributedReason, string>> = {
  ...NOT_READ,
  not_collected: 'processes are not collected',
  unsupported: 'no process data here',
  incommensurable: 'processes cannot be compared',
  too_little: 'collected too briefly',
  not_requested: 'not asked for',
};

/** The name that people know a host by. */
export function hostName({ name, id }: Resource): string {
  return harmless(name ?? id);
}

/** `web-7 (i-0a1b2c3d)`, or the id alone where there is no name. */
export function hostNameAndId({ name, id }: Resource): string {
  return harmless(name === undefined || name === id ? id : `${name} (${id})`);
}

/** Ids of Azure are paths of a hundred characters and more, which end in the name. */
const LONGEST_ID = 40;

/** Whether the id would bury a sentence that it stands in. */
export function isPath({ name, id }: Resource): boolean {
  return name !== undefined && id.length > LONGEST_ID;
}

/** As `hostNameAndId`, for a sentence. */
export function hostTitle(resource: Resource): string {
  return isPath(resource) ? hostName(resource) : hostNameAndId(resource);
}

/** `aws 111122223333 eu-west-1`; of a trace file its name. */
export function scopeText({ provider, account, region }: Scope): string {
  return harmless(provider === 'local' ? account : [provider, account, region].join(' '));
}

/** `in 3 d 4 h (2–6 d)`, seen from `asOf` (epoch ms). */
export function exhaustionText(exhaustion: Exhaustion, asOf: number): string {
  const range = exhaustionRange(exhaustion, asOf);
  return exhaustionDelay(exhaustion, asOf) + (range === undefined ? '' : ` (${range})`);
}

/** `in 3 d 4 h`, `now` or `cannot say`. */
export function exhaustionDelay(exhaustion: Exhaustion, asOf: number): string {
  if (exhaustion.kind === 'cannot_say') return 'cannot say';
  const left = exhaustion.likely - asOf;
  return left < MINUTE ? 'now' : `in ${formatDuration(left)}`;
}

/** `2–6 d`; undefined where there is none or it adds nothing. */
export function exhaustionRange(exhaustion: Exhaustion, asOf: number): string | undefined {
  if (exhaustion.kind === 'cannot_say' || exhaustion.likely - asOf < MINUTE) return undefined;
  const { earliest, latest } = exhaustion;
  return formatDurationRange(earliest - asOf, latest === null ? null : latest - asOf);
}

/** How long before the end of a host's memory it was told: `26 h`, `none`, `2 h late`. */
export function leadText(ms: number): string {
  if (ms === 0) return 'none';
  return ms > 0 ? formatDuration(ms) : `${formatDuration(-ms)} late`;
}
