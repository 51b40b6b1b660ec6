/** Figures of one forecast, which have to agree wherever they stand, and the list of incidents in the order of urgency. */
import { describe, expect, it } from 'vitest';
import { leftText, rangeText, restartByOf } from '../../console/forecast.ts';
import { highestOf, leakFactsOf } from '../../console/incident-facts.ts';
import { sortIncidents } from '../../console/incident-rows.ts';
import { incidentTitle } from '../../console/incident-title.ts';
import { KIND_REFS, kindView } from '../fixtures/console/incident-kinds.ts';
import { hostMemoryView, incidentView, pageCase } from '../fixtures/console/incident-page.ts';
import { tenantFixtures } from '../fixtures/console/tenants.ts';

const NOW = Date.UTC(2026, 10, 29, 12);
const HOUR = 3_600_000;
const at = (hours: number) => new Date(NOW + hours * HOUR).toISOString();
const [row] = tenantFixtures(NOW)[0]?.fleet.incidents ?? [];
if (row === undefined) throw new Error('the fixtures have no incident');
const page = pageCase({ ...row, status: 'open' }, NOW);
const incident = incidentView(page, NOW);

describe('the time that is left', () => {
  it('is counted from now', () => {
    expect(leftText(at(11), NOW)).toBe('in 11 h');
    expect(leftText(at(-1), NOW)).toBe('now');
  });

  it.each([
    [4, 13, '4–13 h'],
    [-1, 7, 'up to 7 h'],
    [-3, -1, 'none'],
    [60, null, '3 d or more'],
    [-1, null, 'any time'],
    [5, 5.001, '5 h'],
  ])('from %s h to %s h is %s', (earliest, latest, text) => {
    const exhaustion = { earliest: at(earliest), likely: null, latest: latest === null ? null : at(latest) };

    expect(rangeText(exhaustion, NOW)).toBe(text);
  });
});

describe('the restart of an incident', () => {
  const memory = hostMemoryView(page);
  const read = leakFactsOf(incident, memory);

  it('is due by the forecast that is shown', () => {
    const restart = restartByOf(incident, read);

    expect(Date.parse(restart?.at ?? '')).toBeGreaterThan(Date.parse(read?.asOf ?? ''));
    expect(Date.parse(restart?.at ?? '')).toBeLessThan(Date.parse(memory.exhaustion?.earliest ?? ''));
  });

  it('is that of the message until the cloud was read', () => {
    expect(restartByOf(incident, leakFactsOf(incident, undefined))).toEqual(incident.restartBy);
  });

  it('is not stated after its end', () => {
    expect(restartByOf({ ...incident, status: 'watched' }, read)).toBeNull();
  });

  it('is stated of a full host, whose messages have none', () => {
    const full = kindView('exhausted', incident, NOW);

    expect(full.restartBy).toBeNull();
    expect(restartByOf(full, read)).not.toBeNull();
  });
});

describe('an incident that is over', () => {
  it('shows the highest level that it reached', () => {
    const over = pageCase({ ...row, status: 'closed' }, NOW);
    const view = incidentView(over, NOW);
    const memory = hostMemoryView(over);

    const highest = highestOf(view, memory);

    expect(highest?.value).toBe(Math.max(...memory.samples.values));
    expect(Date.parse(highest?.at ?? '')).toBeLessThanOrEqual(Date.parse(view.endedAt ?? ''));
  });
});

describe('the headline of a full host', () => {
  it('states how high it went, which is not what it holds now', () => {
    const full = kindView('exhausted', incident, NOW);

    expect(full.ref).toBe(KIND_REFS.exhausted);
    expect(incidentTitle(full, undefined, NOW)).toMatch(/ fills again and again, up to 99 %$/);
    expect(incidentTitle({ ...full, status: 'closed' }, undefined, NOW)).toMatch(/ is no longer exhausted$/);
  });
});

describe('the list of incidents', () => {
  const of = (status: typeof row.status, severity: typeof row.severity, change: number) => ({
    ...row,
    ref: `${status} ${severity} ${change}`,
    status,
    severity,
    lastChangeAt: at(change),
  });

  it('begins with the worst of those that are open', () => {
    const rows = [
      of('watched', 'critical', 0),
      of('open', 'low', -1),
      of('suspected', 'high', -1),
      of('open', 'critical', -9),
      of('open', 'low', -5),
    ];

    expect(sortIncidents(rows, '').map(({ ref }) => ref)).toEqual([
      'open critical -9',
      'open low -1',
      'open low -5',
      'suspected high -1',
      'watched critical 0',
    ]);
    expect(sortIncidents(rows, '-change')[0]?.ref).toBe('watched critical 0');
  });
});
