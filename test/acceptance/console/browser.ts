/** The page in a real browser, over the fake API. */
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildConsole } from '../../../console/build.ts';
import { createAnswers } from '../../fixtures/console/answers.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../fixtures/console/server.ts';

const FILES = join(import.meta.dirname, '../../../dist/console');

/** The sandbox of the browser needs rights that containers do not have; the rest keeps it from the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Opened {
  readonly page: Page;
  /** Errors of the page and violations of its policy, as the browser logs them. */
  readonly problems: readonly string[];
  /** Addresses of all requests. */
  readonly requests: readonly string[];
}

export interface ConsoleUnderTest {
  readonly origin: string;
  /** A page of a browser of its own: nothing is shared between tests. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Opened>;
  readonly close: () => Promise<void>;
}

/** @throws Error where the browser is not installed. */
export async function startConsole(options: Partial<ServerOptions> = {}): Promise<ConsoleUnderTest> {
  const browser = await launch();
  await buildConsole({ outDir: FILES });
  const server = await startServer({ files: FILES, api: createAnswers(Date.now()), ...options });
  return {
    origin: server.origin,
    open: (path, context) => open(browser, server, path, context),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

export async function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  try {
    return await chromium.launch({ executablePath, args: FLAGS });
  } catch (error) {
    const message = `Chromium did not start from ${executablePath}. Install Debian's chromium, or set CHROMIUM to the path of a Chromium.`;
    throw new Error(message, { cause: error });
  }
}

/** What a page shows within a second on a quiet machine. */
const WAIT_MS = 10_000;

const WIDE = { viewport: { width: 1440, height: 900 } };

async function open(
  browser: Browser,
  { origin }: RunningServer,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    ...WIDE,
    baseURL: origin,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A refused request is an answer that the page shows.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(path);
  return { page, problems, requests };
}

/** What axe finds on the page as it is now: `color-contrast: .badge`. */
export async function axeViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** Waits until the page has its data: its title is there and nothing is being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
}
