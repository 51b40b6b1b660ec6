/** Which pages may reach one that is served on this machine: those of the web are open in the same browser. */

/** The answer to a request that is not let in; undefined for all others. */
export function createGuard(port: number): (request: Request) => Response | undefined {
  // A name that somebody lets point to this machine (DNS rebinding) is none of these.
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  return (request) => {
    const host = request.headers.get('host') ?? '';
    if (!hosts.has(host)) return refused(`This page answers to http://127.0.0.1:${port} alone.`);
    const origin = request.headers.get('origin');
    if (origin !== null && origin !== `http://${host}`) return refused('Another page may not use this one.');
    return isOfAnotherPage(request) ? refused('Another page may not use this one.') : undefined;
  };
}

/** What a page elsewhere loads or frames. Links to this page are followed. */
function isOfAnotherPage({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  return isElsewhere && !(headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document');
}

function refused(why: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${why}\n`, { status: 403, headers });
}
