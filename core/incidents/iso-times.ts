/** Incidents and their log as JSON: moments in ISO 8601, everything else as it is kept. */
import { isoText } from '../model/notation.ts';

/** Fields that hold epoch milliseconds, in incidents, changes, decisions, entries of the log, mutes and labels. */
const MOMENTS = new Set([
  'acknowledgedAt',
  'asOf',
  'at',
  'changedAt',
  'cycleSince',
  'endedAt',
  'endingSince',
  'firstAt',
  'from',
  'joinedAt',
  'lastChangeAt',
  'lastNotifiedAt',
  'lastPagedAt',
  'notBefore',
  'openedAt',
  'recordedAt',
  'since',
  'to',
  'until',
]);

/** @param indent Spaces of each level; without it all is on one line. */
export function withIsoTimes(value: object, indent?: number): string {
  return JSON.stringify(
    value,
    (name, field: unknown) => (MOMENTS.has(name) && typeof field === 'number' ? isoText(field) : field),
    indent,
  );
}
