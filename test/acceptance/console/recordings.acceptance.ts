/** Recordings in a real browser: started, looked at, stopped and deleted. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations, type ConsoleUnderTest, settled, startConsole } from './browser.ts';

/** axe compares the colours of every text with its ground. */
const AXE = { timeout: 120_000 };
const OWN = '/t/acme/recordings/r-aaaabbbbccccdddd';

let site: ConsoleUnderTest;

beforeAll(async () => {
  site = await startConsole();
});

afterAll(() => site.close());

describe('the page of a recording', () => {
  it.each(['light', 'dark'] as const)('is clean to axe in the %s theme', AXE, async (colorScheme) => {
    const { page, problems } = await site.open(OWN, { colorScheme });
    await settled(page);
    await page.getByRole('img', { name: /^cart-service 2114/ }).waitFor();

    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([360, 800])('fits a window of %i px', async (width) => {
    const { page } = await site.open(OWN, { viewport: { width, height: 740 } });
    await settled(page);
    await page.getByRole('img', { name: /^cart-service 2114/ }).waitFor();

    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });

  it('opens the host on which something leaks, and names what is kept', async () => {
    const { page } = await site.open(OWN);
    await settled(page);

    await page.getByRole('heading', { name: 'Processes of shop-web-1' }).waitFor();
    await page.getByRole('img', { name: /^cart-service 2114/ }).waitFor();
    const first = page.getByRole('table', { name: 'Processes, those that leak first' }).locator('tbody tr').first();

    // The figures wave with the time of day.
    expect(await first.innerText()).toMatch(/cart-service[\s\S]*8\d\d MiB[\s\S]*live, archived[\s\S]*leaking/);
  });

  it('shows another host by its link, and another figure by its button', async () => {
    const { page } = await site.open(OWN);
    await settled(page);

    await page.getByRole('link', { name: 'shop-db-1' }).click();
    await page.getByRole('heading', { name: 'Processes of shop-db-1' }).waitFor();
    await page.getByRole('button', { name: 'resident' }).click();

    await page.getByRole('img', { name: /^backup-agent 3302\. Memory resident/ }).waitFor();
    expect(new URL(page.url()).search).toBe('?host=shop-db-1&figure=resident');
  });

  it('shows names that are attacks as text', async () => {
    const { page, problems } = await site.open('/t/hostile/recordings/r-aaaabbbbccccdddd');
    await settled(page);

    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(problems).toEqual([]);
  });
});

describe('the demo', () => {
  it('has one address for everybody', async () => {
    const { page } = await site.open('/recordings/demo');
    await settled(page);

    expect(new URL(page.url()).pathname).toBe('/t/acme/recordings/demo');
    expect(await page.getByRole('button', { name: /Stop|Delete/ }).count()).toBe(0);
  });

  it('is there for a tenant without data', async () => {
    const { page } = await site.open('/t/empty/recordings/demo');
    await settled(page);

    expect(await page.locator('h1').innerText()).toBe('Demo: a shop with a leak');
  });
});

describe('the list', () => {
  it('starts a recording, stops it and deletes it', async () => {
    const { page } = await site.open('/t/platform/recordings');
    await settled(page);
    await page.getByRole('button', { name: 'Start a recording…' }).click();
    const dialog = page.getByRole('dialog');

    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    expect(await dialog.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');

    await dialog.getByLabel('Name').fill('Nightly job');
    await dialog.getByLabel('Account').fill('shop');
    await dialog.getByLabel('Hosts').fill('batch-*');
    await dialog.getByLabel('Processes', { exact: true }).fill('java, 4711');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Nightly job' }).waitFor();
    await page.getByText('No sample yet').waitFor();

    await page.getByRole('button', { name: 'Stop…' }).click();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('ended', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Delete…' }).click();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Recordings' }).waitFor();
    await page.getByRole('link', { name: 'Nightly job' }).waitFor({ state: 'detached' });
  });

  it('exports a recording as a file', async () => {
    const { page } = await site.open('/t/acme/recordings');
    await settled(page);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export Demo: a shop with a leak' }).click();
    const file = await download;

    expect(file.suggestedFilename()).toBe('demo.ndjson');
    expect(await readFile(await file.path(), 'utf8')).toContain('demo');
  });

  it('offers a viewer nothing that changes', async () => {
    const { page } = await site.open('/t/large/recordings');
    await settled(page);

    expect(await page.getByRole('button', { name: /Start|Stop|Delete/ }).count()).toBe(0);
  });
});
