/** One metric's parts of the pages, put together and checked: pure. */

import { parseInput } from '../../core/model/issues.ts';
import type { Span } from '../../core/model/series.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { alignmentFault, type Samples } from '../reading/samples.ts';
import { type DataResult, dataResultSchema } from './answers.ts';
import { malformedAnswer } from './pages.ts';

/** The periods that a request names, against which its samples are checked. */
export type Periods = Pick<Span, 'window' | 'periodMs'>;

/** What the pages so far hold of one metric. */
export interface Merging {
  readonly parts: Pick<DataResult, 'Timestamps' | 'Values'>[];
  status?: string;
  message?: string;
  malformed?: Failure;
}

export function startMerging(): Merging {
  return { parts: [] };
}

/** Adds one page's part of the metric. */
export function merge(merging: Merging, result: unknown): void {
  const parsed = parseInput(dataResultSchema, result);
  if (!parsed.success) {
    merging.malformed = malformedAnswer(parsed.error);
    return;
  }
  merging.parts.push(parsed.data);
  merging.status = parsed.data.StatusCode;
  merging.message = messageOf(parsed.data);
}

/** The metric's samples, in CloudWatch's unit, after the last page. `end`: why the pages ended early; undefined where they did not. */
export function finish(merging: Merging, span: Periods, end: Failure | undefined): Samples {
  const failure = merging.malformed ?? failureOfStatus(merging, end);
  return failure ? { kind: 'failed', failure } : samplesOf(merging, span);
}

function messageOf({ Messages = [] }: DataResult): string {
  return Messages.map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')).join('; ');
}

/** Only `Complete` means that nothing is missing; the failure that ended the pages explains any other status. */
function failureOfStatus({ status, message }: Merging, end: Failure | undefined): Failure | undefined {
  switch (status) {
    case 'Complete':
      return undefined;
    case 'Forbidden':
      return failureFor('denied', message || 'CloudWatch does not allow this metric to be read');
    case 'InternalError':
      return end ?? failureFor('unavailable', message || 'CloudWatch failed to read this metric');
    default:
      return (
        end ?? {
          reason: 'truncated',
          retryable: true,
          detail: message || 'the answer ended before this metric was complete',
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
  return { kind: 'failed', failure: failureFor('malformed', `CloudWatch gave ${what}`) };
}

/** Nearly every metric comes in one part, which is taken as it is. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(), ...others] = parts;
  return others.length === 0 ? first : Float64Array.from(parts.flatMap((part) => [...part]));
}
