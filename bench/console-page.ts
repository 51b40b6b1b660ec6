/** One page of the console in a browser of its own, measured by the browser itself. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import * as z from 'zod';

/** Waits for what a page shows, on a machine that has other work. */
const WAIT_MS = 60_000;
/** A page is read when nothing was requested for so long. */
const REST_MS = 1_000;
const POLL_MS = 50;
/** Screens of a scroll to the end: a person who drags the bar sees some of ten thousand rows. */
const SCREENS = 60;

export interface PagePlan {
  readonly path: string;
  /** What is there when the page shows what it is about. */
  readonly shown: string;
  readonly scrolls: boolean;
}

export interface PageFigures {
  /** Of the page itself, as they are sent: bytes and requests until it is shown. */
  readonly fileBytes: number;
  readonly files: number;
  /** Of the API, until all was read and scrolled through. */
  readonly apiBytes: number;
  readonly apiRequests: number;
  readonly shownMs: number;
  readonly scriptMs: number;
  readonly longTaskMs: number;
  readonly heapMiB: number;
  /** Cumulative layout shift until all was read, before it is scrolled. */
  readonly shift: number;
  readonly rowsInDocument: number;
}

/** Runs in the page before its own scripts. */
const OBSERVE = `
window.benchShift = 0; window.benchLongest = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.benchShift += entry.value; })
  .observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.benchLongest = Math.max(window.benchLongest, entry.duration); })
  .observe({ type: 'longtask', buffered: true });`;

const observedSchema = z.object({ shift: z.number(), longest: z.number(), rows: z.number() });
const OBSERVED = `({ shift: window.benchShift, longest: window.benchLongest, rows: document.querySelectorAll('tbody tr').length })`;

export async function measurePage(browser: Browser, origin: string, plan: PagePlan): Promise<PageFigures> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: origin });
  const page = await context.newPage();
  await page.addInitScript(OBSERVE);
  const client = await context.newCDPSession(page);
  const traffic = await watchTraffic(client);
  const began = performance.now();
  await page.goto(plan.path);
  await page.locator(plan.shown).first().waitFor({ state: 'attached', timeout: WAIT_MS });
  const shownMs = performance.now() - began;
  await traffic.rest();
  // Rows that a scroll replaces are not what was meant to stay.
  const { shift } = observedSchema.parse(await page.evaluate(OBSERVED));
  if (plan.scrolls) await scrollToEnd(page);
  await traffic.rest();
  const { longest, rows } = observedSchema.parse(await page.evaluate(OBSERVED));
  const metrics = await metricsOf(client);
  const figures = {
    ...traffic.counts(),
    shownMs,
    scriptMs: (metrics.get('ScriptDuration') ?? Number.NaN) * 1000,
    longTaskMs: longest,
    heapMiB: (metrics.get('JSHeapUsedSize') ?? Number.NaN) / 2 ** 20,
    shift,
    rowsInDocument: rows,
  };
  await context.close();
  return figures;
}

/** Bytes of bodies and headers as they came over the wire. */
async function watchTraffic(client: CDPSession) {
  const isApi = new Map<string, boolean>();
  const bytes = { file: 0, api: 0 };
  const requests = { file: 0, api: 0 };
  let open = 0;
  let changedAt = performance.now();
  const changed = (by: number) => {
    open += by;
    changedAt = performance.now();
  };
  client.on('Network.requestWillBeSent', ({ requestId, request }) => {
    isApi.set(requestId, new URL(request.url).pathname.startsWith('/api/'));
    changed(1);
  });
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = isApi.get(requestId) === true ? 'api' : 'file';
    bytes[kind] += encodedDataLength;
    requests[kind]++;
    changed(-1);
  });
  client.on('Network.loadingFailed', () => changed(-1));
  await client.send('Network.enable');
  await client.send('Performance.enable');
  return {
    counts: () => ({ fileBytes: bytes.file, files: requests.file, apiBytes: bytes.api, apiRequests: requests.api }),
    /** Until nothing is requested any more. Throws where that does not end. */
    async rest(): Promise<void> {
      const until = performance.now() + WAIT_MS;
      while (open > 0 || performance.now() - changedAt < REST_MS) {
        if (performance.now() > until) throw new Error('The page does not come to rest.');
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
  };
}

/** Screen after screen, in equal steps from the first row to the last. */
async function scrollToEnd(page: Page): Promise<void> {
  const height = z.number().parse(await page.evaluate('document.documentElement.scrollHeight'));
  for (let screen = 1; screen <= SCREENS; screen++) {
    await page.evaluate(`window.scrollTo(0, ${(height * screen) / SCREENS})`);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  }
}

async function metricsOf(client: CDPSession): Promise<ReadonlyMap<string, number>> {
  await client.send('HeapProfiler.collectGarbage');
  const { metrics } = await client.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}
