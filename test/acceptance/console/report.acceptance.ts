/** A report in a real browser: one file without a network, from which nothing is requested. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { aContext } from '../../cli/a-context.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { HOSTILE_NAMES } from '../../fixtures/console/hostile-names.ts';
import { axeViolations, launch } from './browser.ts';

let folder: string;
let browser: Browser;
let report: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  browser = await launch();
  report = await aReport();
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** Of hosts whose names are attacks: each grows. */
async function aReport(): Promise<string> {
  const lines = ['web-1', ...HOSTILE_NAMES].map((name, host) => {
    const v = Array.from(
      { length: 960 },
      (_, index) => 35 + host + Math.max(0, (index - 800) / 4) + Math.sin(index * index) * 0.3,
    );
    return JSON.stringify({ id: `${host} ${name}`, step: 900, start: new Date(NOON - 240 * HOUR).toISOString(), v });
  });
  const [traces, output] = [join(folder, 'traces.jsonl'), join(folder, 'report.html')];
  await writeFile(traces, lines.join('\n'));
  const { context, err } = aContext();
  const code = await run(['report', '--traces', traces, '-o', output], context);
  expect({ code, err: err() }).toEqual({ code: 3, err: '' });
  return output;
}

async function open(options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
  const page = await context.newPage();
  const [problems, requests]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => problems.push(message.text()));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(report).href);
  await page.locator('.uplot canvas').first().waitFor();
  return { page, problems, requests };
}

describe('a report', () => {
  it('draws its incidents without a network, by a policy of hashes', async () => {
    const { page, problems, requests } = await open();

    const policy = await page.locator('meta[http-equiv]').getAttribute('content');
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(policy).not.toContain('unsafe');
    expect(problems).toEqual([]);
    expect(requests).toEqual([pathToFileURL(report).href]);
    expect((await stat(report)).size).toBeLessThan(2_000_000);
  });

  it('evaluates other growths with the slider', async () => {
    const { page, problems } = await open();
    await page.locator('#what-if').scrollIntoViewIfNeeded();

    await page.getByRole('slider').press('Home');

    await page.getByText('it would not be reported').waitFor();
    expect(problems).toEqual([]);
  });

  it('shows another incident of its list, and hostile names as text', async () => {
    const { page, problems } = await open();

    for (const link of await page.locator('.report-list a').all()) {
      await link.click();
      await page.locator('.report-list a[aria-current]').first().waitFor();
    }

    expect(await page.evaluate("'hacked' in window")).toBe(false);
    expect(problems).toEqual([]);
  });

  it('offers nothing that changes anything', async () => {
    const { page } = await open();

    expect(await page.getByRole('button', { name: /Acknowledge|Mute|Label|Inspect|Read again/ }).count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)('is clean to axe in %s, on a phone', async (colorScheme) => {
    const { page } = await open({ colorScheme, viewport: { width: 360, height: 780 } });

    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
