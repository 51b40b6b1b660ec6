/** A request for what recordings select on a host: with the same token, and of the same account, as its samples. */
import type { AcceptedMetrics, RefusedRequest, SenderId } from '../model/ingest-outcome.ts';
import type { SentAttributes } from '../model/sent-metrics.ts';
import { StoreError } from '../ports/errors.ts';
import type { SelectionSource, TaggedSelections } from '../ports/selection-source.ts';
import { hostOf } from './host-of.ts';
import { idOf, UNAVAILABLE } from './receive.ts';
import type { SenderVerifier } from './verify.ts';

export interface SelectPorts {
  readonly verifier: Pick<SenderVerifier, 'verify'>;
  readonly selections: SelectionSource;
}

export interface SelectionsRequest {
  readonly authorization: string | undefined;
  /** Of the header: what the sender has already. */
  readonly ifNoneMatch: string | undefined;
  /** The resource attributes with which the host sends its samples; `host` is short for `host.id`. */
  readonly attributes: SentAttributes;
}

export interface SelectionsOutcome extends TaggedSelections {
  readonly kind: 'selections';
  readonly sender: SenderId;
  /** Whether the sender has them already. */
  readonly isKnown: boolean;
}

/**
 * Never throws where a store is down: that is an outcome after which the sender tries again.
 *
 * @param now Epoch milliseconds.
 * @param onFault Gets the error of a store that is down, for the log.
 */
export async function selectForHost(
  { authorization, ifNoneMatch, attributes }: SelectionsRequest,
  { verifier, selections }: SelectPorts,
  now: number,
  onFault: (error: unknown) => void,
): Promise<SelectionsOutcome | RefusedRequest> {
  try {
    const sender = await verifier.verify(authorization, now);
    if ('kind' in sender) return sender;
    const host = hostOf(withId(attributes), sender.settings);
    if (host === undefined || host === 'text') return { ...NO_HOST, sender: idOf(sender) };
    const { tenant, account } = sender;
    const found = await selections.of({ ...host, tenant, account }, now);
    return { kind: 'selections', sender: idOf(sender), ...found, isKnown: isAmong(found.etag, ifNoneMatch) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    onFault(error);
    return { ...UNAVAILABLE, message: 'The selections cannot be read now. Request them again.' };
  }
}

/**
 * The tag of what recordings select on the host that sent samples, so that it need not request what it has. Undefined where several sent, or a store is
 * down: then they request it.
 *
 * @param now Epoch milliseconds.
 * @param onFault Gets the error of a store that is down, for the log.
 */
export async function selectionTagOf(
  { host, sender }: Pick<AcceptedMetrics, 'host' | 'sender'>,
  { selections }: Pick<SelectPorts, 'selections'>,
  now: number,
  onFault: (error: unknown) => void,
): Promise<string | undefined> {
  if (host === undefined) return undefined;
  try {
    return (await selections.of({ ...host, tenant: sender.tenant, account: sender.account }, now)).etag;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    onFault(error);
    return undefined;
  }
}

function withId(attributes: SentAttributes): SentAttributes {
  const short = attributes.get('host');
  return short === undefined ? attributes : new Map([['host.id', short], ...attributes]);
}

/** Weakly compared, as RFC 9110 states it for this header. */
function isAmong(etag: string, ifNoneMatch = ''): boolean {
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

const NO_HOST: RefusedRequest = {
  kind: 'refused',
  status: 400,
  refusal: 'no_host',
  message: 'Name the host by its id, as its samples do: GET /v1/selections?host=ID.',
};
