/** How many hosts that rise alike are a storm, and within how long. */
import type { Alerts } from '../../model/alerts.ts';

export interface StormSettings {
  /** Hosts that make a fleet: of one group, and of one account where they have no group. */
  readonly hosts: { readonly group: number; readonly account: number };
  /** Within so many hours they are reported, and begin to grow. */
  readonly withinHours: number;
}

/**
 * Of 238 unmodified hosts of one data centre over nine days 11 of 19 suspicions came within six hours of four or more others with a growth
 * like theirs, and the largest cluster had seven hosts; of 520 hosts that have nothing in common no cluster had more than four. An account is larger than a
 * group: with a thousand hosts some suspicions in six hours are chance.
 */
export const DEFAULT_STORM: StormSettings = { hosts: { group: 5, account: 8 }, withinHours: 6 };

/** Undefined where storms are turned off. */
export function stormSettings(alerts: Alerts | undefined): StormSettings | undefined {
  const { storm = {} } = alerts ?? {};
  if (storm === false) return undefined;
  const { hosts, withinHours = DEFAULT_STORM.withinHours } = storm;
  return { hosts: hosts === undefined ? DEFAULT_STORM.hosts : { group: hosts, account: hosts }, withinHours };
}
