/** One metric's parts of the pages, put together and checked: pure. */
import type { Span } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { alignmentFault } from '../reading/sample-faults.ts';
import { type DataResult, dataResultSchema } from './answers.ts';
import { malformedAnswer } from './pages.ts';

/** One metric's samples in order of time, in the unit that CloudWatch has them in, or why they could not be read. */
export type Samples =
  | { readonly kind: 'samples'; readonly times: Float64Array; readonly values: Float64Array }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What is asked for, and by which samples are checked. */
export type Periods = Pick<Span, 'window' | 'periodMs'>;

/** What the pages so far said of one metric. */
export interface Merging {
  readonly parts: Pick<DataResult, 'Timestamps' | 'Values'>[];
  status?: string;
  message?: string;
  malformed?: Failure;
}

export function startMerging(): Merging {
  return { parts: [] };
}

/** Adds what one page says of the metric. */
export function merge(merging: Merging, result: unknown): void {
  const parsed = dataResultSchema.safeParse(result);
  if (!parsed.success) {
    merging.malformed = malformedAnswer(parsed.error);
    return;
  }
  merging.parts.push(parsed.data);
  merging.status = parsed.data.StatusCode;
  merging.message = messageOf(parsed.data);
}

/** The metric's samples once the pages have ended; `end` says why they ended early, undefined where they did not. */
export function finish(merging: Merging, span: Periods, end: Failure | undefined): Samples {
  const failure = merging.malformed ?? failureOfStatus(merging, end);
  return failure ? { kind: 'failed', failure } : samplesOf(merging, span);
}

function messageOf({ Messages = [] }: DataResult): string {
  return Messages.map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')).join('; ');
}

/** Only `Complete` says that nothing is missing; what the pages ended with explains a metric that did not get there. */
function failureOfStatus({ status, message }: Merging, end: Failure | undefined): Failure | undefined {
  switch (status) {
    case 'Complete':
      return undefined;
    case 'Forbidden':
      return { reason: 'denied', retryable: false, detail: message || 'CloudWatch forbids to read this metric' };
    case 'InternalError':
      return (
        end ?? { reason: 'unavailable', retryable: true, detail: message || 'CloudWatch failed to read this metric' }
      );
    default:
      return (
        end ?? {
          reason: 'truncated',
          retryable: true,
          detail: message || 'the answer ended before this metric was whole',
        }
      );
  }
}

function samplesOf({ parts }: Merging, span: Periods): Samples {
  const times = joined(parts.map(({ Timestamps }) => Timestamps));
  const values = joined(parts.map(({ Values }) => Values));
  const ordered = inOrder(times, values, span.window);
  if (ordered.kind === 'contradiction') return malformed(`two values for ${new Date(ordered.time).toISOString()}`);
  const fault = alignmentFault(ordered.times, span);
  return fault ? malformed(fault) : { kind: 'samples', times: ordered.times, values: ordered.values };
}

function malformed(what: string): Samples {
  return { kind: 'failed', failure: { reason: 'malformed', retryable: false, detail: `CloudWatch gave ${what}` } };
}

/** Nearly every metric comes in one part, which is taken as it is. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(), ...others] = parts;
  return others.length === 0 ? first : Float64Array.from(parts.flatMap((part) => [...part]));
}
