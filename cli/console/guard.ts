/**
 * Who may reach a page that is served on this machine. Pages of the web are open in the same browser, and other people may have an account
 * on the same machine.
 */
import { timingSafeEqual } from 'node:crypto';
import { parse } from 'hono/utils/cookie';

export interface GuardOptions {
  readonly port: number;
  /** Without it nobody is let in; it is a part of the address that is printed. Absent: nothing is served that needs it. */
  readonly key?: string;
}

/** The answer to a request that is not let in, or that is sent on; undefined for all others. */
export function createGuard({ port, key }: GuardOptions): (request: Request) => Response | undefined {
  // A name that somebody lets point to this machine (DNS rebinding) is none of these.
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  return (request) => {
    const host = request.headers.get('host') ?? '';
    if (!hosts.has(host)) return refused(`This page answers to http://127.0.0.1:${port} alone.`);
    const origin = request.headers.get('origin');
    if (origin !== null && origin !== `http://${host}`) return refused('Another page may not use this one.');
    if (isOfAnotherPage(request)) return refused('Another page may not use this one.');
    return key === undefined ? undefined : checkKey(request, { port, key });
  };
}

/** What a page elsewhere loads or frames. Links to this page are followed. */
function isOfAnotherPage({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  return isElsewhere && !(headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document');
}

/** The key comes once in the address, and from then on as a cookie that no script reads and no other page sends. */
function checkKey(request: Request, { port, key }: { readonly port: number; readonly key: string }) {
  const url = new URL(request.url);
  const given = url.searchParams.get('key');
  const cookie = `plimsoll-${port}`;
  if (given !== null && isSame(given, key)) {
    url.searchParams.delete('key');
    const headers = {
      Location: url.pathname + url.search,
      'Set-Cookie': `${cookie}=${key}; HttpOnly; SameSite=Strict; Path=/`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    };
    return new Response(null, { status: 303, headers });
  }
  const kept = parse(request.headers.get('cookie') ?? '', cookie)[cookie] ?? '';
  return isSame(kept, key) ? undefined : refused('Open the address that `plimsoll console` has printed, with its key.');
}

function isSame(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refused(why: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${why}\n`, { status: 403, headers });
}
