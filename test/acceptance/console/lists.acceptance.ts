/** Lists: ten thousand rows, filters in the address, the keyboard, hostile names, and what is done from a list. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_NAMES } from '../../fixtures/console/hostile-names.ts';
import { type ConsoleUnderTest, settled, startConsole } from './browser.ts';

const ROWS = 'tbody tr[data-index]';

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole();
});

afterAll(() => site.close());

describe('10,000 hosts', () => {
  it('are counted, and few of them are in the document', async () => {
    const { page } = await site.open('/t/large/hosts?steady=1');
    await page.getByText('10,000 hosts', { exact: true }).nth(1).waitFor();

    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe('10001');
    expect(await page.locator(ROWS).count()).toBeLessThan(80);
  });

  it('are reached at their end by a key', async () => {
    const { page } = await site.open('/t/large/hosts?steady=1');
    await page.getByText('10,000 hosts', { exact: true }).nth(1).waitFor();
    await page.locator(ROWS).first().focus();

    await page.keyboard.press('End');

    const last = page.locator('tr[aria-rowindex="10001"]');
    await last.waitFor();
    await expect
      .poll(() => last.evaluate('document.activeElement.getAttribute("aria-rowindex")'), { timeout: 10_000 })
      .toBe('10001');
  });

  it('are sorted and filtered at once', async () => {
    const { page } = await site.open('/t/large/hosts?steady=1');
    await page.getByText('10,000 hosts', { exact: true }).nth(1).waitFor();

    await page.getByRole('button', { name: 'Growth' }).click();
    await page.getByPlaceholder('Name, id or group').fill('service-040');

    await page.getByText('100 of 10,000 hosts').waitFor();
    expect(await page.locator('th[aria-sort="descending"]').innerText()).toContain('Growth');
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-growth');
  });

  it('have a line of their level where they are looked at, read by few requests', async () => {
    const { page, requests } = await site.open('/t/large/hosts?steady=1');

    await page.locator('.sparkline path[d^="M"]').first().waitFor();

    expect(requests.filter((address) => address.endsWith('/sparklines')).length).toBeLessThan(6);
  });
});

describe('a filter', () => {
  it('is set by one click on a value, is in the address, and goes by a click on its chip', async () => {
    const { page } = await site.open('/t/acme/hosts');
    await settled(page);
    const search = page.locator(ROWS, { hasText: 'search-00' });

    await search.locator('.filterable-text', { hasText: 'search' }).hover();
    await search.getByRole('button', { name: 'Hide search' }).click();

    await expect.poll(() => page.locator(ROWS, { hasText: 'search-0' }).count()).toBe(0);
    expect(page.url()).toContain('group=%21search');
    await page.getByRole('button', { name: /group.*is not.*search/ }).click();
    await page.locator(ROWS, { hasText: 'search-00' }).waitFor();
    expect(page.url()).not.toContain('group=');
  });

  it('holds when its address is opened', async () => {
    const { page } = await site.open('/t/acme/hosts?verdict=leaking&group=checkout-api&sort=-growth');
    await settled(page);

    await expect.poll(() => page.locator(ROWS).count()).toBe(9);
    await expect
      .poll(() => page.getByRole('list', { name: 'Filters' }).getByRole('button', { name: 'is' }).count())
      .toBe(2);
  });

  it('that nothing passes offers to be cleared', async () => {
    const { page } = await site.open('/t/acme/hosts?group=nowhere');
    await settled(page);

    await page.getByRole('button', { name: 'Clear filters' }).last().click();

    await page.locator(ROWS).first().waitFor();
  });
});

describe('the keyboard', () => {
  it('goes to the filter by /, to another page by two keys, and lists its keys by ?', async () => {
    const { page } = await site.open('/t/acme/hosts');
    await settled(page);

    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.placeholder')).toBe('Name, id or group');
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('i');

    await page.locator('h1', { hasText: 'Incidents' }).waitFor();
  });

  it('walks from the overview to an incident', async () => {
    const { page } = await site.open('/t/acme');
    await settled(page);

    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.locator(ROWS).first().waitFor();
    await page.locator(ROWS).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/t\/acme\/incidents\/[\w-]+$/);
  });
});

describe('hostile names', () => {
  it.each(['', '/hosts?steady=1', '/incidents', '/inspections', '/coverage', '/digest'])(
    'are text on %s',
    async (path) => {
      const { page, problems } = await site.open(`/t/hostile${path}`);
      await settled(page);

      const text = await page.locator('body').innerText();

      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('main img, main script, main i').count()).toBe(0);
      expect(text).not.toMatch(/[\p{Cf}\p{Co}]/u);
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('http://evil');
      expect(problems).toEqual([]);
    },
  );

  it('become filters that find them', async () => {
    const { page } = await site.open(`/t/hostile/hosts?group=${encodeURIComponent(HOSTILE_NAMES[0])}`);
    await settled(page);

    await expect.poll(() => page.locator(ROWS).count()).toBe(1);
  });
});

describe('an export', () => {
  it('has the rows that are shown, and no formula', async () => {
    const { page } = await site.open('/t/acme/hosts?group=erp');
    await settled(page);
    const download = page.waitForEvent('download');

    await page.getByRole('button', { name: 'Export CSV' }).click();

    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^id,name,verdict/);
  });
});

describe('an incident in the list', () => {
  it('is acknowledged, and shows by whom', async () => {
    const { page } = await site.open('/t/acme/incidents?severity=critical');
    await settled(page);
    const before = await page.getByRole('button', { name: 'Acknowledge' }).count();

    await page.getByRole('button', { name: 'Acknowledge' }).first().click();

    await page.getByText(/is acknowledged: no reminder/).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(before - 1);
    await expect.poll(() => page.locator(ROWS, { hasText: 'You' }).count()).toBe(1);
  });

  it('offers a viewer nothing that the API would refuse', async () => {
    const { page } = await site.open('/t/large/incidents');
    await settled(page);

    await expect.poll(() => page.locator(ROWS).count()).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
  });

  it('is behind the tab of its status', async () => {
    const { page } = await site.open('/t/acme/incidents');
    await settled(page);

    await page.getByRole('link', { name: 'Closed' }).click();

    await page.getByText('2 incidents').waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('closed');
  });

  it('that could not be acknowledged states why', async () => {
    const { page } = await site.open('/t/acme/incidents');
    await settled(page);
    const body = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'It recovered meanwhile.' };
    await page.route('**/acknowledgement', (route) =>
      route.fulfill({ status: 409, json: body, contentType: 'application/problem+json' }),
    );

    await page.getByRole('button', { name: 'Acknowledge' }).first().click();

    await page.getByText(/was not acknowledged. It recovered meanwhile/).waitFor();
  });
});

describe('an inspection now', () => {
  it('is requested, and its progress has an address', async () => {
    const { page } = await site.open('/t/acme/inspections');
    await settled(page);

    await page.getByRole('button', { name: 'Inspect now' }).click();
    await page.getByLabel('Regions').fill('eu-central-1, us-east-1');
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();

    // It is read again every two seconds, and is complete the fourth time.
    await page.getByText('It is complete.', { exact: true }).waitFor({ timeout: 20_000 });
    expect(new URL(page.url()).searchParams.get('inspection')).toBe('request-1');
    await expect.poll(() => page.getByText('3 of 3 regions, 1 finding').count()).toBe(1);
  });

  it('that is wrong is refused in the dialog', async () => {
    const { page } = await site.open('/t/acme/inspections');
    await settled(page);

    await page.getByRole('button', { name: 'Inspect now' }).click();
    await page.getByLabel('Hours to look at').fill('1');
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();

    await page.getByRole('dialog').getByRole('alert').waitFor();
  });
});

describe('a snippet', () => {
  it('is copied by one click', async () => {
    const { page } = await site.open('/t/acme/coverage', { permissions: ['clipboard-read', 'clipboard-write'] });
    await settled(page);

    await page.getByRole('button', { name: 'Copy the snippet' }).first().click();

    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('mem_used_percent');
  });
});
