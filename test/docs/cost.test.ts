/** The costs in docs/cost.md, computed by the function that computes those of a run from the prices of the sources. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openSource, type SourceChoice } from '../../adapters/open-source.ts';
import { estimateCost } from '../../core/inspection/run-summary.ts';
import { runsPerMonth } from '../../core/tenants/tenant-config.ts';
import { METRICS } from '../../functions/metrics.ts';
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

/** The functions and their metrics, as docs/watchdog.md lists them. */
async function listedMetrics() {
  const text = await read('watchdog.md');
  const [table = ''] = (text.split('| function | metrics |')[1] ?? '').split('\n\n');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [functions = [], metrics = []] = row
      .split('|')
      .slice(1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    return { functions, metrics };
  });
}

function read(page: string): Promise<string> {
  return readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
}

describe('docs/cost.md', () => {
  it.each(FLEETS)('states what a month of %i hosts costs', async (hosts) => {
    const text = await read('cost.md');

    expect(text).toContain(`| ${hosts.toLocaleString('en-US')} | ${monthly(hosts).join(' | ')} |`);
  });

  it('counts the metrics that docs/watchdog.md lists, which are those of the functions', async () => {
    const listed = await listedMetrics();
    const count = listed.reduce((sum, { functions, metrics }) => sum + functions.length * metrics.length, 0);

    expect(new Set(listed.flatMap(({ metrics }) => metrics))).toEqual(new Set(Object.keys(METRICS)));
    expect(await read('cost.md')).toContain(
      `| ${count} custom metrics at 0.30 USD; an account has ten for nothing | ${(count * 0.3).toFixed(2)} |`,
    );
  });
});
