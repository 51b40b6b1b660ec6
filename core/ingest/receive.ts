/** A request with metrics, from its token to the queue: verify ▸ decode ▸ check ▸ strip ▸ fold ▸ queue. What it accepts is durable when it returns. */
import type { AcceptedMetrics, IngestOutcome, RefusedRequest, SenderId } from '../model/ingest-outcome.ts';
import type { SampleBatch } from '../model/sample.ts';
import { DeliveryError, StoreError } from '../ports/errors.ts';
import type { MetricsBody, MetricsReader } from '../ports/metrics-reader.ts';
import type { SampleQueue } from '../ports/sample-queue.ts';
import { foldMetrics, readMetricsOf } from './fold.ts';
import { rejectedTotal, rejectionText } from './rejections.ts';
import type { SenderVerifier, VerifiedSender } from './verify.ts';

export interface ReceivePorts {
  readonly verifier: Pick<SenderVerifier, 'verify'>;
  readonly reader: MetricsReader;
  readonly queue: SampleQueue;
}

export interface MetricsRequest extends MetricsBody {
  readonly authorization: string | undefined;
}

/** Seconds after which a sender tries again: whatever is down is down for longer than a moment, and collectors keep minutes. */
const RETRY_AFTER_S = 30;

/**
 * Never throws for what is down: that is an outcome of which the sender tries again.
 *
 * @param now Epoch milliseconds.
 * @param onFault Gets the error of a store or queue that is down, for the log.
 */
export async function receiveMetrics(
  request: MetricsRequest,
  ports: ReceivePorts,
  now: number,
  onFault: (error: unknown) => void,
): Promise<IngestOutcome> {
  try {
    const sender = await ports.verifier.verify(request.authorization, now);
    if ('kind' in sender) return sender;
    // Nothing is unpacked for whoever has no token.
    const read = await ports.reader.read(request, readMetricsOf(sender.settings));
    if ('kind' in read) return { ...read, sender: idOf(sender) };
    const folded = foldMetrics(read, sender.settings, now);
    const { hosts, series, acceptedPoints, rejectedPoints } = folded;
    const message = rejectionText(rejectedPoints);
    if (
      acceptedPoints === 0 &&
      rejectedPoints.no_host !== undefined &&
      rejectedPoints.no_host === rejectedTotal(rejectedPoints)
    )
      return { ...noHost(message), sender: idOf(sender) };
    const { tenant, account } = sender;
    const batch: SampleBatch = { version: 1, tenant, account, receivedAt: now, hosts, series };
    if (series.length > 0) await ports.queue.send(batch);
    const counts = { hosts: hosts.length, series: series.length, acceptedPoints, rejectedPoints };
    const [host, another] = hosts;
    return {
      kind: 'accepted',
      sender: idOf(sender),
      ...counts,
      ...(host !== undefined && another === undefined && { host }),
      ...(message !== undefined && { message }),
    } satisfies AcceptedMetrics;
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof DeliveryError)) throw error;
    onFault(error);
    return UNAVAILABLE;
  }
}

/** Without the settings of its account, which are nobody's to see. */
export function idOf({ tenant, account, tokenId }: VerifiedSender): SenderId {
  return { tenant, account, tokenId };
}

/** Collectors log a refusal as an error, and only some of them log that points were rejected. */
function noHost(message = ''): RefusedRequest {
  return { kind: 'refused', status: 400, refusal: 'no_host', message: `Nothing was accepted: ${message}` };
}

export const UNAVAILABLE: RefusedRequest = {
  kind: 'refused',
  status: 503,
  refusal: 'unavailable',
  message: 'The samples cannot be queued now. Send them again.',
  retryAfterS: RETRY_AFTER_S,
};
