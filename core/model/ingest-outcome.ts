/** What became of a request with samples, or of one for selections: for its answer, for the log and for the metrics. */
import type { SentHost } from './sample.ts';

/** Why a data point is not taken. */
export const REJECTIONS = [
  'no_host',
  'no_process',
  'time',
  'value',
  'kind',
  'text',
  'hosts',
  'series',
  'samples',
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** Data points by the reason for which they are not taken; a reason without any is absent. */
export type RejectedPoints = Readonly<Partial<Record<Rejection, number>>>;

/** Why nothing of a request is taken. */
export type Refusal =
  | 'no_token'
  | 'unknown_token'
  | 'disabled'
  | 'content_type'
  | 'too_large'
  | 'malformed'
  | 'no_host'
  | 'unavailable';

/** Whose request it is, once its token is verified. */
export interface SenderId {
  readonly tenant: string;
  readonly account: string;
  /** Of the token: no secret. */
  readonly tokenId: string;
}

export interface RefusedRequest {
  readonly kind: 'refused';
  /** What HTTP calls it; of 503 the sender tries again. */
  readonly status: 400 | 401 | 403 | 413 | 415 | 503;
  readonly refusal: Refusal;
  /** For the sender: what to do, and nothing that helps to forge a request. */
  readonly message: string;
  /** Seconds after which it may be sent again. */
  readonly retryAfterS?: number;
  readonly sender?: SenderId;
}

export interface AcceptedMetrics {
  readonly kind: 'accepted';
  readonly sender: SenderId;
  readonly hosts: number;
  /** The one that sent, where it is one alone. */
  readonly host?: SentHost;
  readonly series: number;
  readonly acceptedPoints: number;
  readonly rejectedPoints: RejectedPoints;
  /** Why points were rejected; absent where none was. */
  readonly message?: string;
}

export type IngestOutcome = AcceptedMetrics | RefusedRequest;
