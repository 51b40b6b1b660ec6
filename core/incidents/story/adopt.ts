/** The story of an incident that was begun by a version which remembered none. */
import type { Incident } from '../../model/incident.ts';
import type { Story } from '../../model/story.ts';
import type { Facts } from './facts.ts';
import { hourAt, lowest, rounded } from './levels.ts';

/** It grows since its first finding, from the lowest level that the window still shows. How fast is not known. */
export function adopted({ status, since, asOf, severity, steadyRuns }: Incident, facts: Facts): Story {
  const base = facts.kind === 'verdict' ? lowest(facts.floors.hourly, hourAt(facts.floors, since), Infinity) : 0;
  const hasPaged = status !== 'suspected';
  return {
    phase: status === 'suspected' ? 'suspected' : 'open',
    asOf,
    capacity: facts.kind === 'verdict' ? facts.capacity : 1,
    cycle: 1,
    firstAt: since,
    lastedHours: [],
    hasPaged,
    growth: {
      since,
      foundAt: since,
      base: Number.isFinite(base) ? rounded(base) : 0,
      severity,
      greatest: severity,
      lesser: null,
      rates: [],
      hasPaged,
    },
    quietHours: 0,
    steadyRuns,
    growing: 0,
    days: [],
    restartedAt: null,
    plateau: null,
    ended: null,
    watchedUntil: null,
    isWithoutVerdict: false,
  };
}
