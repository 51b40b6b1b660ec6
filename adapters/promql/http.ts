/** Sends requests over Node's own clients. Connections are kept while a source is used: a read sends a hundred requests to one host. */
import { type LookupAddress, type LookupAllOptions, lookup as resolveName } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { rootCertificates } from 'node:tls';
import { SourceError } from '../../core/ports/errors.ts';
import type { AddressRule } from '../https/addresses.ts';
import { AddressRefusedError, addressRefusal, checkedLookup } from '../https/client.ts';
import type { IncomingAnswer, OutgoingRequest, SendRequest } from './connection.ts';

export interface HttpOptions {
  /** Certificates in PEM form of an authority that is trusted beside the public ones. */
  readonly ca?: string;
  /**
   * Which addresses may be reached, checked when a connection is opened. With it only https is. Absent: every address is, by http as
   * well, as somebody at a prompt may reach them anyway.
   */
  readonly rule?: AddressRule;
  /** Resolves names. Default: the resolver of the system. */
  readonly resolve?: (
    host: string,
    options: LookupAllOptions,
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
}

/** Connections to one server that are kept open. */
const MAX_CONNECTIONS = 8;

/** Milliseconds for which a connection that is not used is kept: shorter than what servers and balancers keep them. */
const KEPT_MS = 20_000;

export function promqlHttp({ ca, rule, resolve = resolveName }: HttpOptions = {}): SendRequest {
  const kept = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: KEPT_MS };
  const agents = {
    'http:': new HttpAgent(kept),
    // Whatever the environment has: a certificate that is not trusted ends the request.
    'https:': new HttpsAgent({
      ...kept,
      rejectUnauthorized: true,
      ...(rule && { lookup: checkedLookup(resolve, rule) }),
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    }),
  } as const;
  return (request, signal) => {
    const { protocol } = request.url;
    const refusal = rule && addressRefusal(request.url, rule);
    if (refusal !== undefined) return Promise.reject(refused(refusal));
    if (protocol === 'https:') return send(request, signal, agents[protocol]);
    if (protocol === 'http:') return send(request, signal, agents[protocol]);
    return Promise.reject(refused(`${protocol} is no protocol of Prometheus`));
  };
}

function send(request: OutgoingRequest, signal: AbortSignal, agent: HttpAgent): Promise<IncomingAnswer> {
  const { url, method, headers, body } = request;
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = open(
      url,
      { method, agent, signal, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => resolve(answerOf(response)),
    );
    sent.on('error', (error) => reject(error instanceof AddressRefusedError ? refused(error.message) : error));
    sent.end(body);
  });
}

function answerOf(response: IncomingMessage): IncomingAnswer {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  return { status: response.statusCode ?? 0, headers, body: response };
}

function refused(reason: string): SourceError {
  return new SourceError(`the server cannot be reached: ${reason}`, { reason: 'denied', retryable: false });
}
