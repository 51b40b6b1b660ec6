/** Every page in both themes and on a telephone: what it shows, and that everybody can use it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

const PAGES = [
  ['overview', '/t/acme', 'Overview'],
  ['incidents', '/t/acme/incidents', 'Incidents'],
  ['hosts', '/t/acme/hosts?steady=1', 'Hosts'],
  ['anomalies', '/t/acme/anomalies', 'Anomalies'],
  ['inspections', '/t/acme/inspections', 'Inspections'],
  ['recordings', '/t/acme/recordings', 'Recordings'],
  ['coverage', '/t/acme/coverage', 'Coverage'],
  ['digest', '/t/acme/digest', 'Digest'],
  ['audit', '/t/acme/audit', 'Audit'],
] as const;

/** axe compares the colours of every text with its ground, cell by cell. */
const AXE = { timeout: 120_000 };

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole();
});

afterAll(() => site.close());

describe.each(PAGES)('the page %s', (_, path, title) => {
  it.each(['light', 'dark'] as const)(
    'is clean to axe in the %s theme, under the strict policy',
    AXE,
    async (colorScheme) => {
      const { page, problems, requests } = await site.open(path, { colorScheme });
      await settled(page);

      expect(await page.locator('h1').textContent()).toBe(title);
      expect(await page.title()).toBe(`${title} · Plimsoll`);
      expect(await axeViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
      expect(requests.filter((address) => !address.startsWith(site.origin))).toEqual([]);
    },
  );

  it.each([360, 800])('fits a window of %i px', async (width) => {
    const { page } = await site.open(path, { viewport: { width, height: 740 } });
    await settled(page);

    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });

  it('does not move what is shown while its data comes', async () => {
    const { page } = await site.open(path);
    await settled(page);

    const shift = await page.evaluate(
      'new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().reduce((sum, one) => sum + one.value, 0))).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 300))',
    );

    expect(shift).toBeLessThan(0.1);
  });
});

describe.each(['empty', 'forbidden'])('for the tenant %s', (tenant) => {
  it.each(PAGES)('the page %s states it', async (_, path) => {
    const { page, problems } = await site.open(path.replace('/acme', `/${tenant}`));
    await settled(page);

    const text = await page.locator('main').innerText();
    expect(text).toMatch(tenant === 'empty' ? /no |nothing|none/i : /Not allowed/);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('the overview', () => {
  it('states first what could not be read', async () => {
    const { page } = await site.open('/t/acme');
    await settled(page);

    const warning = page.getByRole('region', { name: 'Not read' });

    expect(await warning.innerText()).toContain('access denied to the bucket');
    expect(await warning.innerText()).toContain('unknown');
  });

  it('shows a group with its state in words, and opens its hosts', async () => {
    const { page } = await site.open('/t/acme');
    await settled(page);
    const tile = page.getByRole('link', { name: /session-cache 1 worse/ });

    await tile.click();

    await page.locator('h1', { hasText: 'Hosts' }).waitFor();
    expect(new URL(page.url()).searchParams.get('group')).toBe('session-cache');
    await expect.poll(() => page.locator('tbody tr[data-index]').count()).toBe(1);
  });

  it('names times in the zone of the viewer and in UTC', async () => {
    const { page } = await site.open('/t/acme');
    await settled(page);

    expect(await page.locator('.page-lead').innerText()).toMatch(/GMT\+1 · .* UTC/);
  });

  it('shows the pages of another tenant after the switch', async () => {
    const { page } = await site.open('/t/acme');
    await settled(page);

    await page.getByLabel('Tenant').selectOption('empty');

    await page.getByText('No account is inspected yet').waitFor();
    expect(new URL(page.url()).pathname).toBe('/t/empty');
  });
});

describe('the theme', () => {
  it('follows the person over the system, and is kept', async () => {
    const { page } = await site.open('/t/acme', { colorScheme: 'light' });
    await settled(page);
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();

    await page.getByLabel('Colours').selectOption('dark');
    const dark = await ground();
    await page.reload();
    await settled(page);

    expect(dark).not.toBe(light);
    expect(await ground()).toBe(dark);
  });
});

describe('a first load', () => {
  it.each([
    ['of the overview', '/t/acme'],
    ['of all hosts', '/t/acme/hosts?steady=1'],
  ])('%s has less than 100 KB beside its data', async (_, path) => {
    const { page } = await site.open(path);
    await settled(page);

    const bytes = await page.evaluate(
      '[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].filter(({ name }) => !new URL(name).pathname.startsWith("/api/")).reduce((sum, one) => sum + one.transferSize, 0)',
    );

    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(100_000);
  });
});
