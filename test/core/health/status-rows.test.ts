import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/render/text.ts';
import { renderStatus, statusTotals } from '../../../cli/status/text.ts';
import { compareRows, needsAttention, type StatusRow, statusRows } from '../../../core/health/status-rows.ts';
import type { ScopeHealth } from '../../../core/model/health.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';

const DAY = 24 * HOUR;

/** A tenant whose account is expected to be inspected since long ago. */
function aTenant(accounts: readonly object[] = [anAccount({ regions: ['eu-west-1'] })]): StoredTenant {
  return { config: aTenantConfig({ accounts }), version: 1, externalId: 'external', putAt: NOON - 30 * DAY };
}

const WATCHED = { accounts: [], aliveOn: null };

const at = (region: string, overrides: Partial<ScopeHealth> = {}) =>
  aScopeHealth({ scope: { ...aScopeHealth().scope, region }, ...overrides });

function rowsOf(health: readonly ScopeHealth[], tenant = aTenant()) {
  return statusRows({ tenant, health, watch: WATCHED }, NOON + 5 * MINUTE).toSorted(compareRows);
}

const denied = (runs: number) =>
  ({
    outcome: 'partial',
    failure: 'aws/111122223333: denied: no such role',
    partial: { runs, since: NOON - 3 * HOUR },
  }) as const;

describe('the status of regions', () => {
  const tenant = aTenant([anAccount({ regions: ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'] })]);
  const rows = rowsOf(
    [
      at('eu-west-1'),
      at('eu-west-2', denied(1)),
      at('eu-west-3', denied(4)),
      at('eu-north-1', { slot: NOON - 6 * HOUR }),
      at('us-east-1', denied(9)),
    ],
    tenant,
  );

  it('begins with what is overdue, then with what fails', () => {
    expect(rows.map(({ region, state }) => [region, state])).toEqual([
      ['eu-north-1', 'overdue'],
      ['eu-west-3', 'failing'],
      ['eu-west-2', 'partial'],
      ['eu-west-1', 'ok'],
    ]);
    expect(rows.map(needsAttention)).toEqual([true, true, false, false]);
  });

  it('names since when and why, and the next inspection', () => {
    expect(rows[0]).toMatchObject({ since: NOON - 5 * HOUR, message: expect.stringContaining('last two slots') });
    expect(rows[1]).toMatchObject({ since: NOON - 3 * HOUR, message: 'aws/111122223333: denied: no such role' });
    expect(rows.map(({ nextRun }) => nextRun)).toEqual(Array(4).fill(NOON + HOUR));
  });

  it('is waiting where nothing was expected yet, and disabled where its account is', () => {
    const disabled = aTenant([anAccount({ enabled: false })]);

    expect(rowsOf([], { ...aTenant(), putAt: NOON })).toMatchObject([{ state: 'waiting', health: undefined }]);
    expect(rowsOf([at('eu-west-1', denied(5))], disabled)).toMatchObject([{ state: 'disabled', nextRun: null }]);
  });

  it('keeps the last inspection of an account that is disabled by now', () => {
    const disabled = aTenant([anAccount({ enabled: false })]);

    expect(rowsOf([at('eu-west-1')], disabled)).toMatchObject([{ state: 'disabled', health: { slot: NOON } }]);
  });

  it('does not call a region well in which no host shows', () => {
    const hosts = { known: 0, inspected: 0, notMonitored: 0, unreadable: 0 };

    const [row] = rowsOf([at('eu-west-1', { hosts })]);

    expect(row).toMatchObject({
      state: 'no hosts',
      message: expect.stringContaining('are the region and the filters'),
    });
    expect(statusTotals([row].filter((one) => one !== undefined))).toMatchObject({ regions: 1, regionsOk: 0 });
  });

  it('adds up to totals without what is disabled', () => {
    const off = aTenant([anAccount({ enabled: false })]);

    expect(statusTotals([...rows, ...rowsOf([], off)])).toMatchObject({
      accounts: 1,
      accountsFailing: 1,
      regions: 4,
      regionsOk: 1,
      regionsOverdue: 1,
      regionsFailing: 1,
      hostsKnown: 40,
      hostsInspected: 32,
      leaking: 4,
    });
  });
});

describe('the status as text', () => {
  const row = (index: number, overrides: Partial<StatusRow> = {}): StatusRow => ({
    tenant: `tenant-${index % 7}`,
    provider: 'aws',
    account: String(100000000000 + index),
    region: 'eu-west-1',
    state: 'ok',
    since: null,
    message: null,
    health: aScopeHealth(),
    nextRun: NOON + HOUR,
    ...overrides,
  });
  const failing = row(0, { state: 'failing', since: NOON - DAY, message: 'aws/100000000000: denied: no such role' });
  const many = [failing, ...Array.from({ length: 300 }, (_, index) => row(index + 1))];
  const render = (rows: readonly StatusRow[], options = {}, width?: number) =>
    renderStatus(rows, options, { width, paint: plain, widener: 'a wider terminal' });

  it('shows of many regions those that fail, and all where that is requested', () => {
    const text = render(many);

    expect(text).toContain('failing');
    expect(text).toContain('300 regions not shown; --all shows every one\n');
    expect(text).toContain('1 of 301 accounts overdue or failing; 300 of 301 regions inspected completely');
    expect(text.split('\n').length).toBeLessThan(10);
    expect(render(many, { all: true }).split('\n').length).toBeGreaterThan(300);
  });

  it('explains a partial inspection before it is the second', () => {
    const text = render([row(1, { state: 'partial', since: NOON, message: 'aws/1: denied: no such role' })]);

    expect(text).toContain('aws/1: denied: no such role');
    expect(text).not.toContain('npx plimsoll doctor');
  });

  it('states that nothing was inspected on schedule yet, and counts no hosts then', () => {
    const text = render([row(1, { state: 'waiting', health: undefined })]);

    expect(text).toContain('nothing was inspected on schedule yet; inspections on demand are not shown');
    expect(text).not.toContain('leaking');
  });

  it('shows all of few regions, or those alone that fail', () => {
    const few = many.slice(0, 5);

    expect(render(few)).not.toContain('not shown');
    expect(render(few, { overdue: true })).toContain('4 regions not shown');
  });

  it('names the account of a failure once, and the command that examines it', () => {
    const failing = row(1, {
      state: 'failing',
      since: NOON,
      account: '111122223333',
      region: 'eu-west-1',
      message: 'aws/111122223333/eu-west-1: denied: cannot assume the role',
    });

    const text = render([failing], { deployment: ' --stage prod' });

    expect(text).toContain('eu-west-1 since 2026-11-20 12:00 UTC: denied: cannot assume the role');
    expect(text).toMatch(/npx plimsoll doctor --tenant \S+ --account 111122223333 --stage prod/);
  });

  it.each([80, 120])('fits %i columns, and keeps what is needed to act', (width) => {
    const long = row(2, { state: 'overdue', since: NOON, message: 'x '.repeat(300), region: 'ap-southeast-2' });
    const azure = {
      provider: 'azure' as const,
      account: '00000000-1111-4222-8333-444444444444',
      region: 'germanywestcentral',
    };

    const text = render([failing, long, row(3, azure)], {}, width);

    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const needed of ['state', 'account', 'region', 'last (UTC)', 'denied: no such role', azure.account])
      expect(text).toContain(needed);
  });

  it('shows nothing that a terminal obeys', () => {
    const text = render([row(1, { state: 'failing', message: '\u001b[2Jdenied', account: 'a\u0007b' })]);

    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('has one line where nothing fails among many', () => {
    expect(render(many.slice(1)).split('\n')).toHaveLength(2);
  });
});
