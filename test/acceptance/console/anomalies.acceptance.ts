/** The pages of anomalies in a real browser: the list, and one metric of a host with its band. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

/** axe compares the colours of every text with its ground. */
const AXE = { timeout: 120_000 };

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole();
});

afterAll(() => site.close());

async function openFirst(options: Parameters<ConsoleUnderTest['open']>[1] = {}) {
  const opened = await site.open('/t/acme/anomalies?points=1', options);
  const { page } = opened;
  await settled(page);
  await page.locator('tbody a.host-name').first().click();
  await page.getByRole('img', { name: /^CPU from/ }).waitFor();
  return opened;
}

describe('one metric of a host', () => {
  it.each(['light', 'dark'] as const)('is clean to axe in the %s theme', AXE, async (colorScheme) => {
    const { page, problems } = await openFirst({ colorScheme });
    await page.getByText('The curve in words and figures').click();
    await page.getByRole('table', { name: 'Points of the curve, evenly' }).waitFor();

    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([360, 800])('fits a window of %i px', async (width) => {
    const { page } = await openFirst({ viewport: { width, height: 740 } });
    await page.getByText('The curve in words and figures').click();

    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });

  it('states what lasts, in the table and to a screen reader', async () => {
    const { page } = await openFirst();

    const label = await page.getByRole('img', { name: /^CPU from/ }).getAttribute('aria-label');
    const row = page.getByRole('table', { name: 'Anomalies that last, the newest first' }).locator('tbody tr');

    expect(label).toMatch(/It shifted up since .* where .* was expected\./);
    expect(await row.innerText()).toMatch(/goes on\s+shifted up/);
  });

  it('reads more of the past by its button, which the address keeps', async () => {
    const { page, requests } = await openFirst();
    const before = requests.length;

    await page.getByRole('button', { name: '7 d' }).click();
    await page
      .getByText(/2,016|1,008/)
      .first()
      .waitFor();

    expect(new URL(page.url()).searchParams.get('days')).toBe('7');
    expect(requests.slice(before).some((address) => address.includes('from='))).toBe(true);
  });
});

describe('the list', () => {
  it('filters by a metric, and by a score', async () => {
    const { page } = await site.open('/t/acme/anomalies?points=1');
    await settled(page);
    const rows = page.getByRole('table', { name: 'Anomalies, the newest first' });

    await rows.getByRole('button', { name: 'Show only system.network.errors' }).first().click();
    await expect.poll(() => rows.locator('tbody tr[data-index]').count()).toBe(3);
    await page.getByLabel('Score from').selectOption('0.999');
    await settled(page);

    await page.getByText('in 1 row').waitFor();
  });

  it('states that nothing is anomalous, and where jobs are configured', async () => {
    const { page } = await site.open('/t/empty/anomalies');
    await settled(page);

    await page.getByText('Nothing is anomalous').waitFor();
  });
});
