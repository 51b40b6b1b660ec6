/** The costs in docs/cost.md, computed by the function that computes those of a run from the prices of the sources. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSource, type SourceChoice } from '../../adapters/open-source.ts';
import { estimateCost } from '../../core/inspection/run-summary.ts';
import { runsPerMonth } from '../../core/tenants/tenant-config.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';

const FLEETS = [100, 1_000, 10_000, 100_000, 1_000_000];

/** What one inspection of so many hosts is billed for, leaks aside: the docs state it beside the table. */
const CLOUDS: readonly { readonly choice: SourceChoice; readonly billed: (hosts: number) => number }[] = [
  { choice: { kind: 'aws', account: '111122223333', region: 'eu-west-1' }, billed: (hosts) => hosts },
  { choice: { kind: 'gcp', account: 'my-project-123456', region: 'europe-west1' }, billed: (hosts) => 2 * hosts },
  {
    choice: { kind: 'azure', account: '11111111-2222-4333-8444-555555555555', region: 'westeurope' },
    billed: (hosts) => Math.ceil(hosts / 50),
  },
];

function monthly(hosts: number): string[] {
  const [account] = aTenantConfig().accounts;
  if (account === undefined) throw new Error('the config has no account');
  const runs = runsPerMonth(account, NOON);
  return CLOUDS.map(({ choice, billed }) => {
    const { perMonth } = estimateCost(billed(hosts), openSource(choice).price, runs);
    return perMonth.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  });
}

describe('docs/cost.md', () => {
  it.each(FLEETS)('states what a month of %i hosts costs', async (hosts) => {
    const text = await readFile(new URL('../../docs/cost.md', import.meta.url), 'utf8');

    expect(text).toContain(`| ${hosts.toLocaleString('en-US')} | ${monthly(hosts).join(' | ')} |`);
  });
});
