import { describe, expect, it } from 'vitest';
import { monthText } from '../../../cli/tenants/month-estimate.ts';
import type { ScopeHealth } from '../../../core/model/health.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { anAccount, aScopeHealth, aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aJob } from '../../fixtures/point-jobs.ts';

/** Of ten hosts two are watched: December has 744 hours. */
const SPENT = { month: '2026-11', usd: 900, usdPerHost: 0.01, hosts: 10, watched: 2 };

function textOf(config: Record<string, unknown>, health: readonly ScopeHealth[] = [aScopeHealth({ spent: SPENT })]) {
  const list = async function* () {
    yield* health;
  };
  return monthText(aTenantConfig(config), { list }, NOON, ' --stage prod');
}

describe('what a month costs', () => {
  it('is stated against the cap', async () => {
    expect(await textOf({})).toBe('a month of reads costs about $77.50');
    expect(await textOf({ costCap: { usdPerMonth: 80 } })).toBe(
      'a month of reads costs about $77.50, within the cap of $80.00',
    );
    expect(await textOf({ costCap: { usdPerMonth: 75 } })).toBe(
      'a month of reads costs about $77.50, above the cap of $75.00: deep reads will be put off, for $74.40',
    );
    expect(await textOf({ costCap: { usdPerMonth: 50 } })).toBe(
      'a month of reads costs about $77.50, above the cap of $50.00: quiet hosts will be inspected every 2 hours, for $44.64',
    );
    expect(await textOf({ costCap: { usdPerMonth: 5 } })).toBe(
      'a month of reads costs about $77.50, above the cap of $5.00, and $29.76 even with quiet hosts inspected every 4 hours',
    );
  });

  it('has the jobs in it, which a cap slows down first', async () => {
    const accounts = [anAccount({ anomalies: [aJob()] })];
    const ofJobs = '$4.46 of it by jobs, and more where hosts have several parts';

    expect(await textOf({ accounts, costCap: { usdPerMonth: 75 } })).toBe(
      `a month of reads costs about $81.96, ${ofJobs}, above the cap of $75.00: jobs will be slowed down to every hour, for $74.47`,
    );
    expect(await textOf({ accounts, costCap: { usdPerMonth: 5 } })).toMatch(
      /and \$29\.76 even with jobs paused and quiet hosts inspected every 4 hours$/,
    );
  });

  it('counts what was not inspected yet', async () => {
    const accounts = [anAccount({ regions: ['eu-west-1', 'us-east-1'] })];

    expect(await textOf({ accounts })).toBe(
      'a month of reads costs about $77.50; 1 region not inspected yet, which `npx plimsoll doctor --tenant acme --stage prod` estimates',
    );
  });

  it('is not stated where nothing is known, unless there is a cap', async () => {
    expect(await textOf({}, [])).toBeUndefined();
    expect(await textOf({ costCap: { usdPerMonth: 5 } }, [])).toContain(
      'what a month costs is not known yet; 1 region',
    );
    expect(await monthText(aTenantConfig(), undefined, NOON, ' --stage prod')).toBeUndefined();
  });

  it('is no reason not to put a config where the table cannot be read', async () => {
    const next = () => Promise.reject(new StoreError('access denied'));
    const list = () => ({ [Symbol.asyncIterator]: () => ({ next }) });

    expect(await monthText(aTenantConfig(), { list }, NOON, ' --stage prod')).toBe(
      'what a month costs could not be worked out: access denied',
    );
  });
});
