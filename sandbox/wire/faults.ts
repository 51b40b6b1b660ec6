/** Faults that a test can inject into the sandbox, and which requests they strike. */
import type { AwsService, Service } from './answer.ts';

/**
 * Of any AWS service: `throttled`, `denied` and `server_error` answer with that error; `garbage` is a 200 with an unrelated body;
 * `down` hangs up at once; `lost` handles the request and then hangs up; `unanswered` never answers, until the client aborts.
 */
type AnyFault = 'throttled' | 'denied' | 'server_error' | 'garbage' | 'down' | 'lost' | 'unanswered';

/**
 * `truncated` ends a page of GetMetricData in the middle (PartialData, no next token) and refuses the next token of ListMetrics;
 * `endless` gives the same next token for ever; `mismatched` gives one value fewer than timestamps; `absurd` gives ten times what
 * is used, and `misaligned` samples a minute after their periods began; `internal_error` and `forbidden` are status codes of
 * single metrics inside a good answer.
 */
type CloudWatchFault =
  | 'truncated'
  | 'endless'
  | 'mismatched'
  | 'absurd'
  | 'misaligned'
  | 'internal_error'
  | 'forbidden';

/** Fails entries of PublishBatch and takes the others. */
type SnsFault = 'entry_refused';

/**
 * Of Cloud Monitoring: `throttled`, `denied`, `server_error` and `down` are status codes; `garbage` is no message of the protocol;
 * `unanswered` never answers. `truncated` gives a page token that is refused when it comes back, `endless` the same token for ever.
 * `malformed` leaves the values of points out, `not_gauge` makes the metric cumulative, so that it is refused as the service refuses
 * it, `wrong_unit` names another unit of the values, and `execution_error` warns that the answer may be incomplete, and gives only
 * every other series. `short_pages` gives a few points a page, as the service may.
 */
type GcpFault =
  | 'throttled'
  | 'denied'
  | 'server_error'
  | 'down'
  | 'garbage'
  | 'unanswered'
  | 'truncated'
  | 'endless'
  | 'malformed'
  | 'not_gauge'
  | 'wrong_unit'
  | 'execution_error'
  | 'short_pages';

/**
 * Of Azure: `throttled` names a short time to wait and `throttled_for_long` an hour; `denied`, `server_error`, `garbage`, `down` and
 * `unanswered` are as for AWS. `truncated` leaves out half of an answer's rows or resources, and of Resource Graph the token to go on;
 * `endless` gives the same token for ever; `malformed` gives values of another type. Of metrics: `metric_error` and
 * `metric_forbidden` fail single resources inside a good answer, `resource_gone` refuses the entire batch for one that was
 * deleted, and `unknown_metric` refuses the metric.
 */
export type AzureFaultKind =
  | 'throttled'
  | 'throttled_for_long'
  | 'denied'
  | 'server_error'
  | 'garbage'
  | 'down'
  | 'unanswered'
  | 'truncated'
  | 'endless'
  | 'malformed'
  | 'metric_error'
  | 'metric_forbidden'
  | 'resource_gone'
  | 'unknown_metric';

/**
 * Of Prometheus, and of the stores and proxies that speak for it. `bad_data`, `too_many_samples`, `timeout`, `throttled`,
 * `throttled_for_long`, `unauthorized`, `denied`, `server_error`, `unavailable` and `not_found` are refusals; `redirected` sends the
 * client to another path. `garbage` is a 200 with an unrelated body; `down` hangs up at once, `unanswered` never answers, `stalled`
 * begins an answer and never ends it, `truncated` ends it in the middle. `partial` warns, as Thanos does, and gives every other series.
 *
 * Inside a good answer: `foreign_series` adds one that nobody selected, `duplicate_series` gives one twice; `unordered` and
 * `duplicate_points` mistake the order of points, `misaligned` their times; `nan_values`, `text_values`, `absurd` (ten times) and
 * `negative` their values; `wrong_type` another result. `flood` is an answer of ten million points, `label_explosion` one of a million
 * series, and `inflating` one that is small until it is inflated. `aligning` is no fault: it moves the times of a range to multiples of
 * the step, as Thanos and VictoriaMetrics do.
 */
export type PrometheusFaultKind =
  | 'bad_data'
  | 'too_many_samples'
  | 'timeout'
  | 'throttled'
  | 'throttled_for_long'
  | 'unauthorized'
  | 'denied'
  | 'server_error'
  | 'unavailable'
  | 'not_found'
  | 'redirected'
  | 'garbage'
  | 'down'
  | 'unanswered'
  | 'stalled'
  | 'truncated'
  | 'partial'
  | 'foreign_series'
  | 'duplicate_series'
  | 'unordered'
  | 'duplicate_points'
  | 'misaligned'
  | 'nan_values'
  | 'text_values'
  | 'absurd'
  | 'negative'
  | 'wrong_type'
  | 'flood'
  | 'label_explosion'
  | 'inflating'
  | 'aligning';

/** Which requests are struck: every field that is given narrows it. A client's retries are requests like any other. */
interface Target {
  readonly action?: string;
  /** The account whose credentials sign the request. */
  readonly account?: string;
  readonly region?: string;
  /** The metric's type, of a call that names one; the table of a query of Log Analytics. */
  readonly metric?: string;
  /** Requests that pass before the first one is struck. */
  readonly after?: number;
  /** Requests that are struck; without it all of them, until the fault is lifted. */
  readonly times?: number;
  /**
   * For faults inside an answer, which part of it is struck (default: all): a dimension's value, such as an instance id, of a
   * metric of GetMetricData, an instance or a pod of Cloud Monitoring, a part of a resource's id in Azure, a label's value in Prometheus, or
   * a text that the entry of PublishBatch contains.
   */
  readonly only?: readonly string[];
}

export type Fault = Target &
  (
    | { readonly service: AwsService; readonly kind: AnyFault }
    | { readonly service: 'gcp'; readonly kind: GcpFault }
    | { readonly service: 'azure'; readonly kind: AzureFaultKind }
    | { readonly service: 'prometheus'; readonly kind: PrometheusFaultKind }
    | { readonly service: 'cloudwatch'; readonly kind: CloudWatchFault }
    | { readonly service: 'sns'; readonly kind: SnsFault }
  );
export type FaultKind = Fault['kind'];

/** What a fault is matched against: any request to any cloud. */
export interface Strikable {
  readonly service: Service;
  readonly action: string;
  readonly region: string;
  readonly metric?: string;
}

export interface Faults {
  /** Returns the function that lifts it. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The fault that strikes this request, which then counts as struck. */
  strike(request: Strikable, account: string): Fault | undefined;
}

export function createFaults(): Faults {
  const active = new Map<Fault, { passed: number; struck: number }>();
  return {
    add(fault) {
      // A copy, so that one fault added twice strikes twice.
      const added = { ...fault };
      active.set(added, { passed: 0, struck: 0 });
      return () => active.delete(added);
    },
    clear: () => active.clear(),
    strike(request, account) {
      for (const [fault, count] of active) {
        if (!matches(fault, request, account)) continue;
        if (count.passed < (fault.after ?? 0)) {
          count.passed++;
        } else if (count.struck < (fault.times ?? Number.POSITIVE_INFINITY)) {
          count.struck++;
          return fault;
        }
      }
      return undefined;
    },
  };
}

function matches(fault: Fault, request: Strikable, account: string): boolean {
  return (
    fault.service === request.service &&
    (fault.action === undefined || fault.action === request.action) &&
    (fault.account === undefined || fault.account === account) &&
    (fault.region === undefined || fault.region === request.region) &&
    (fault.metric === undefined || fault.metric === request.metric)
  );
}
