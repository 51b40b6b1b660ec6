/** Reads the body of a request with metrics: OTLP over HTTP, in each of its encodings. */
import type { RefusedRequest } from '../model/ingest-outcome.ts';
import type { SentMetrics } from '../model/sent-metrics.ts';

/** A body as it came, with what its headers state about it. */
export interface MetricsBody {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Uint8Array;
}

export interface MetricsReader {
  /**
   * Unpacks and decodes it within bounds of bytes and of values: a body that is larger, or that is none of these, is refused.
   *
   * @param names Of the metrics that are read.
   */
  read(sent: MetricsBody, names: ReadonlySet<string>): Promise<SentMetrics | RefusedRequest>;
}
