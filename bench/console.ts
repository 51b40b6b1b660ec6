/**
 * `node bench/console.ts [hosts] [incidents] [rounds]` opens the pages of the console in headless Chromium, over the real API and the
 * sandbox's stores: bytes and requests, time to the first line, script time, memory after scrolling through all rows, shifts of the
 * layout and long tasks. Exit 1 where a first load has more than 100 KB, or the layout shifts by 0.1. CHROMIUM names the browser.
 */
import { availableParallelism, loadavg } from 'node:os';
import { env } from 'node:process';
import { chromium } from 'playwright-core';
import { startStores } from './api-stores.ts';
import { measurePage, type PageFigures } from './console-page.ts';
import { startConsoleServer } from './console-server.ts';
import { figure, markdownTable, rounded } from './markdown.ts';

/** Of the first load, compressed: what the project promises. */
const MOST_FIRST_BYTES = 100_000;
/** A shift below it is good: https://web.dev/articles/cls */
const MOST_SHIFT = 0.1;

const hosts = Number(process.argv[2] ?? 10_000);
const incidents = Number(process.argv[3] ?? 1_000);
const rounds = Number(process.argv[4] ?? 3);

const loadBefore = loadavg()[0] ?? 0;
await using stores = await startStores({ hosts, incidents, notMonitored: 0.015 }, Date.now());
await using server = await startConsoleServer(stores.environment);
const browser = await chromium.launch({
  executablePath: env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});

const incident = `/t/acme/incidents/${stores.refs.incident}`;
const PAGES = [
  { name: 'overview, first load', path: '/t/acme', shown: 'h1', scrolls: false },
  { name: 'incidents', path: '/t/acme/incidents', shown: 'tbody tr[data-index]', scrolls: true },
  { name: 'hosts that are not steady', path: '/t/acme/hosts', shown: '.sparkline path[d^="M"]', scrolls: true },
  { name: 'all hosts', path: '/t/acme/hosts?steady=1', shown: '.sparkline path[d^="M"]', scrolls: true },
  { name: 'one incident, curve', path: incident, shown: '.chart-plot canvas', scrolls: false },
  { name: 'one incident, who grew', path: incident, shown: '#who-grew svg path', scrolls: false },
] as const;

const measured = new Map<string, PageFigures[]>(PAGES.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const page of PAGES) measured.get(page.name)?.push(await measurePage(browser, server.origin, page));
await browser.close();

/** The median of the rounds, with the least and the greatest where they differ. */
function spread(values: readonly number[]): string {
  const ordered = values.toSorted((a, b) => a - b);
  const [least, median, most] = [ordered[0], ordered[Math.floor(ordered.length / 2)], ordered.at(-1)].map((value) =>
    rounded(value ?? Number.NaN),
  );
  return least === most ? `${median}` : `${median} (${least} to ${most})`;
}

const rows = [...measured].map(([name, of]) => {
  const [first] = of;
  const kb = (bytes: number) => figure(bytes / 1000, 1);
  return [
    name,
    `${kb(first?.fileBytes ?? 0)} in ${first?.files ?? 0}`,
    `${kb(first?.apiBytes ?? 0)} in ${first?.apiRequests ?? 0}`,
    spread(of.map((one) => one.shownMs)),
    spread(of.map((one) => one.scriptMs)),
    spread(of.map((one) => one.longTaskMs)),
    spread(of.map((one) => one.heapMiB)),
    figure(Math.max(...of.map((one) => one.shift)), 4),
    String(Math.max(...of.map((one) => one.rowsInDocument))),
  ];
});

console.log(`# The console with ${hosts} hosts and ${incidents} incidents

\`npm run bench:console\`: ${rounds} rounds, each page in a browser of its own without a cache, over the API and the sandbox's stores in one process;
load ${figure(loadBefore, 1)} before and ${figure(loadavg()[0] ?? 0, 1)} after on ${availableParallelism()} cores. Bytes are as they are sent, in kB and requests. "Shown" is until the
first line of a host's memory is drawn, or where a page has none until its title or first row is. Script time and long tasks (above 50 ms)
are those until everything was read and scrolled through in 60 steps; memory is the heap behind that, after a collection. Shift is the
cumulative layout shift until all was read. On the page of an incident the curve is drawn from its messages, and who grew with curves once its
host was read, which is answered here as fast as the detector evaluates it and its group of 12: a cloud takes seconds longer.

${markdownTable(
  [
    'page',
    'files, kB',
    'API, kB',
    'shown, ms',
    'script, ms',
    'longest task, ms',
    'heap, MiB',
    'shift',
    'rows in document',
  ],
  rows,
)}`);

const firstLoad = measured.get('overview, first load')?.[0]?.fileBytes ?? Number.NaN;
const shifts = [...measured.values()].flat().map(({ shift }) => shift);
if (!(firstLoad <= MOST_FIRST_BYTES) || Math.max(...shifts) > MOST_SHIFT) process.exitCode = 1;
