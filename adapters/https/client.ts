/** The client of endpoints that tenants name, over Node's own https: what it may reach is checked when it connects. */
import { type LookupAddress, type LookupAllOptions, lookup as resolveName } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as openRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { HttpsAnswer, HttpsClient, HttpsRequest } from '../../core/ports/https-client.ts';
import type { AddressRule, AddressRules } from './addresses.ts';

type ResolveAll = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface HttpsClientOptions {
  readonly rules: AddressRules;
  /** Milliseconds for all of a request: the name, the connection, the answer and its body. */
  readonly waitMs?: number;
  /** Resolves names. Default: the resolver of the system. */
  readonly resolve?: ResolveAll;
}

/** A receiver answers within a second; one that does not must not use up the time of the others. */
const WAIT_MS = 10_000;

/** Bytes of an answer that are read. Receivers answer with a word or a small object. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Milliseconds: what a server may have us wait at the most. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** An address that a name stands for is not allowed. */
export class AddressRefusedError extends Error {}

export function createHttpsClient({ rules, waitMs = WAIT_MS, resolve = resolveName }: HttpsClientOptions): HttpsClient {
  return {
    post(request, signal) {
      const refusal = refusalOf(request, rules);
      if (refusal !== undefined) return Promise.resolve({ kind: 'refused', reason: refusal });
      const deadline = AbortSignal.timeout(waitMs);
      const lookup = checkedLookup(resolve, ruleFor(request, rules));
      return send(request, lookup, signal ? AbortSignal.any([deadline, signal]) : deadline);
    },
  };
}

function ruleFor({ allowsPrivate }: HttpsRequest, rules: AddressRules): AddressRule {
  return allowsPrivate ? rules.listed : rules.public;
}

/** What forbids the request before anything is resolved. A host that is an address is never looked up, so that it is checked here. */
function refusalOf(request: HttpsRequest, rules: AddressRules): string | undefined {
  return addressRefusal(request.url, ruleFor(request, rules));
}

/** As above, for clients of other protocols over https. */
export function addressRefusal({ protocol, hostname, username, password }: URL, rule: AddressRule): string | undefined {
  if (protocol !== 'https:') return `${hostname}: only https is allowed`;
  if (username !== '' || password !== '') return `${hostname}: the URL must not hold a user name or password`;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0) return undefined;
  const reason = rule(address);
  return reason && `the address ${address} ${reason}`;
}

/** One address that is not allowed refuses the name: which of them is connected to is for the system to choose. */
export function checkedLookup(resolve: ResolveAll, rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      const refused = error ?? refusalOfName(hostname, addresses, rule);
      if (refused !== undefined || first === undefined) callback(refused ?? new Error('no address'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusalOfName(hostname: string, addresses: readonly LookupAddress[], rule: AddressRule): Error | undefined {
  for (const { address } of addresses) {
    const reason = rule(address);
    if (reason !== undefined) return new AddressRefusedError(`${hostname} stands for ${address}, which ${reason}`);
  }
  return undefined;
}

function send(request: HttpsRequest, lookup: LookupFunction, signal: AbortSignal): Promise<HttpsAnswer> {
  const { url, headers, body, ca } = request;
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve(failureOf(error, url.hostname, signal));
    const options = {
      method: 'POST',
      // A connection that is kept would be used again without a look at the address.
      agent: false,
      lookup,
      signal,
      headers: { ...headers, 'accept-encoding': 'identity', 'content-length': Buffer.byteLength(body) },
      // Whatever the environment has: a certificate that is not trusted ends the request.
      rejectUnauthorized: true,
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    };
    try {
      const sent = openRequest(url, options, (response) => readAnswer(response).then(resolve, fail));
      sent.on('error', fail);
      sent.end(body);
    } catch (error) {
      // A certificate that is none, or a header with a line break.
      fail(error);
    }
  });
}

/** Reads as much as is needed and ends the connection. */
async function readAnswer(response: IncomingMessage): Promise<HttpsAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const part = Buffer.from(chunk);
    chunks.push(part.subarray(0, MAX_ANSWER_BYTES - bytes));
    bytes += part.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  response.destroy();
  return {
    kind: 'answered',
    status: response.statusCode ?? 0,
    retryAfterMs: retryAfterMs(response.headers['retry-after'], Date.now()),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : undefined;
}

/** Messages of Node may quote what was sent; codes do not. */
function failureOf(error: unknown, host: string, signal: AbortSignal): HttpsAnswer {
  if (error instanceof AddressRefusedError) return { kind: 'refused', reason: error.message };
  if (signal.aborted) return { kind: 'failed', reason: `${host} did not answer in time` };
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  return { kind: 'failed', reason: `${host} could not be reached: ${code}` };
}
