/** How a server is reached: the address, who signs requests, and what sends them. Functions and the command line open these differently. */
import type { Readable } from 'node:stream';

export interface PromqlConnection {
  /** Where the API is, without /api/v1. Requests go to its host alone, and credentials with them: no redirect is followed. */
  readonly url: URL;
  readonly authorise: Authorise;
  readonly http: SendRequest;
  /** The tenant of Grafana Mimir or Cortex. */
  readonly orgId?: string;
}

export interface OutgoingRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns the headers that authorise a request. Rejects with `SourceError` where signing in fails. */
export type Authorise = (request: OutgoingRequest, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;

/** Sends a request once. Follows no redirect. Rejects with `SourceError` where the address is not allowed. */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<IncomingAnswer>;

export interface IncomingAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it comes, compressed or not. Whoever does not read it to its end destroys it. */
  readonly body: Readable;
}
