import { describe, expect, it } from 'vitest';
import { inspectionsUntil, projectSpend, remainingInspections } from '../../../core/health/project-spend.ts';
import type { ScopeHealth } from '../../../core/model/health.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';

const UTC = 'UTC';
const DAY = 24 * HOUR;

const spent = (overrides: Partial<NonNullable<ScopeHealth['spent']>> = {}) => ({
  spent: { month: '2026-11', usd: 3, usdPerHost: 0.01, hosts: 100, watched: 20, ...overrides },
});

/** To the end of November: 251 full hours after noon of the 20th. */
const remaining = remainingInspections(NOON);

function projected(config: Record<string, unknown>, health: readonly ScopeHealth[], requestsUsd = 0) {
  return projectSpend({ config: aTenantConfig(config), health, requestsUsd, jobs: [] }, remaining, NOON);
}

describe('inspectionsUntil', () => {
  it('counts the slots of a schedule, and the turns of a quiet host', () => {
    const inspections = inspectionsUntil(NOON, NOON + DAY);

    // The slot at the end belongs to the time after it.
    expect(inspections({ cron: '0 * * * *', timezone: UTC })).toEqual({ 0: 23, 1: 23, 2: 11.5, 4: 5.75 });
    expect(inspections({ cron: '*/15 * * * *', timezone: UTC })).toEqual({ 0: 95, 1: 23.75, 2: 11.875, 4: 5.9375 });
  });

  it('has no fewer inspections of a quiet host where the schedule is due every four hours or less often', () => {
    const inspections = inspectionsUntil(NOON, NOON + DAY + 1);

    expect(inspections({ cron: '0 */4 * * *', timezone: UTC })).toEqual({ 0: 6, 1: 6, 2: 6, 4: 6 });
    expect(inspections({ cron: '0 6 * * *', timezone: UTC })).toEqual({ 0: 1, 1: 1, 2: 1, 4: 1 });
  });

  it('counts none of a schedule that is not due any more', () => {
    expect(inspectionsUntil(NOON, NOON + HOUR)({ cron: '0 6 * * *', timezone: UTC })[0]).toBe(0);
  });
});

describe('projectSpend', () => {
  it('adds the inspections that are to come to what was spent', () => {
    const { month, spent: until, byHours } = projected({}, [aScopeHealth(spent())], 0.5);

    expect([month, until]).toEqual(['2026-11', 3.5]);
    expect(byHours[0]).toBeCloseTo(3.5 + 0.01 * 100 * 251, 6);
    expect(byHours[4]).toBeCloseTo(3.5 + 0.01 * (20 * 251 + (80 * 251) / 4), 6);
  });

  it('does not count what was spent in another month', () => {
    const { spent: until, byHours } = projected({}, [aScopeHealth(spent({ month: '2026-10', usd: 900 }))]);

    expect(until).toBe(0);
    expect(byHours[0]).toBeCloseTo(251, 6);
  });

  it('counts what was spent by accounts that are disabled now, and nothing more of them', () => {
    const { byHours } = projected({ enabled: false }, [aScopeHealth(spent())]);

    expect(byHours).toEqual({ 0: 3, 1: 3, 2: 3, 4: 3 });
  });

  it('has one figure where the cadence is adaptive anyway', () => {
    const { byHours } = projected({ cadence: 'adaptive' }, [aScopeHealth(spent())]);

    expect(byHours[0]).toBeCloseTo(byHours[4], 6);
    expect(byHours[0]).toBeLessThan(120);
  });

  it('counts the regions of which it is not known what they cost', () => {
    const accounts = [anAccount({ regions: ['eu-west-1', 'eu-west-2', 'us-east-1'] })];
    const { spent: _, ...beforeItWasKept } = aScopeHealth(spent());

    expect(projected({ accounts }, [aScopeHealth(spent())]).unknownRegions).toBe(2);
    expect(projected({ accounts }, [beforeItWasKept]).unknownRegions).toBe(3);
  });
});
