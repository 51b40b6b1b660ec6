/**
 * Google's token exchange and impersonation on loopback. What they are asked, and answer, is that of
 * https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token and of
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { listening } from '../../fixtures/listening.ts';

interface Exchange {
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** Ends with the test. `answers` may refuse. */
export async function startGoogle(answers: { token?: [number, object]; access?: [number, object] } = {}) {
  const requested: Exchange[] = [];
  const expireTime = new Date(Date.now() + 3_600_000).toISOString();
  const {
    token = [200, { access_token: 'federated', expires_in: 3600, token_type: 'Bearer' }],
    access = [200, { accessToken: 'access-of-reader', expireTime }],
  } = answers;
  const origin = await listening(async (request, response) => {
    const { url: path = '', headers } = request;
    requested.push({ path, body: await text(request), authorization: headers.authorization });
    const [status, body] = path === '/token' ? token : access;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return { requested, addresses: { tokenExchange: `${origin}/token`, serviceAccounts: `${origin}/serviceAccounts/` } };
}

/** What AWS would be asked to vouch for: a signed GetCallerIdentity. */
export function proofIn({ body = '' }: Partial<Exchange> = {}) {
  const headersSchema = z.array(z.object({ key: z.string(), value: z.string() }));
  const form = new URLSearchParams(body);
  const { url, headers } = z
    .object({ url: z.string(), headers: headersSchema })
    .parse(JSON.parse(decodeURIComponent(form.get('subject_token') ?? '')));
  return { form, url, headers: Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value])) };
}
