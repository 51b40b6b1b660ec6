/** From a host's samples to its reading: a series of *used* memory, a host that stopped reporting, or a request for another metric. */

import { formatTime } from '../../core/messages/times.ts';
import type { Reading, Resource, Span } from '../../core/model/series.ts';
import type { SamplesRequest } from '../../core/ports/memory-source.ts';
import type { Failure } from '../reading/failure.ts';
import type { Host } from './inventory.ts';
import type { AvailableMemory, Fetched, MetricName } from './samples.ts';
import { bytesOf, type Sizes } from './sizes.ts';

/** A host of which the preferred metric has nothing: the other one is requested. */
export interface Again {
  readonly kind: 'again';
  readonly host: Host;
}

/**
 * A machine that runs has stopped reporting after an hour without a sample: Resource Graph may show one that was just stopped as
 * running for some minutes, which must not read as one whose memory is no longer measured.
 */
const STOPPED_REPORTING_AFTER_MS = 3_600_000;

/** A mean of samples may exceed the greatest of them by the last digits of a number. */
const ROUNDING = 1e-9;

/** The reading of a host by `Available Memory Percentage`; where that has nothing at all, the host is requested again. */
export function evaluatePercentage({ host, samples }: Fetched, request: SamplesRequest): Reading | Again {
  if (samples.kind === 'failed') return unreadable(host.resource, samples.failure);
  if (samples.kind === 'no_metric' || samples.times.length === 0) return { kind: 'again', host };
  return readingOf(host.resource, samples, 100, request);
}

/** The reading of a host by `Available Memory Bytes` and the total memory of its size; sizes are listed only where there are samples. */
export function evaluateBytes({ host, samples }: Fetched, sizes: Sizes | undefined, request: SamplesRequest): Reading {
  const { resource } = host;
  if (samples.kind === 'failed') return unreadable(resource, samples.failure);
  if (samples.kind === 'no_metric' || samples.times.length === 0 || !sizes) return unmeasured(host, request.span);
  if (sizes.kind === 'failed') {
    const { reason, retryable, detail } = sizes.failure;
    return unreadable(resource, { reason, retryable, detail: `the sizes of machines are not known: ${detail}` });
  }
  const total = bytesOf(sizes, host.size);
  if (total === undefined) return ofUnknownSize(host);
  return readingOf(resource, samples, total, request);
}

function unreadable(scope: Resource, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope, reason, detail };
}

/** `total` is all of the memory, in the unit of the samples. */
function readingOf(
  resource: Resource,
  { times, available }: Extract<AvailableMemory, { kind: 'samples' }>,
  total: number,
  { metric, span: { window, periodMs, statistic } }: SamplesRequest,
): Reading {
  const last = times.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (last < Math.max(window.start, window.end - STOPPED_REPORTING_AFTER_MS)) {
    const hint =
      `Azure has not measured this machine’s memory since ${formatTime(last)}, though it runs. Check that its operating system ` +
      'answers (boot diagnostics), and that Azure reports no platform event for it (Resource health).';
    return { kind: 'not_monitored', resource, reason: 'stopped_reporting', hint };
  }
  const malformed = available.find((free) => free < 0 || free > total * (1 + ROUNDING));
  if (malformed !== undefined) {
    const detail = `Azure gave ${malformed} as available memory, of ${total} in total`;
    return unreadable(resource, { reason: 'malformed', retryable: false, detail });
  }
  const values = available.map((free) => Math.max(0, 1 - free / total));
  return { kind: 'series', resource, metric, unit: '1', statistic, window, periodMs, times, values };
}

function unmeasured({ resource, size }: Host, { window }: Span): Reading {
  const metrics: readonly MetricName[] = ['Available Memory Percentage', 'Available Memory Bytes'];
  const missing = `Azure holds neither ${metrics.join(' nor ')} of this machine between ${formatTime(window.start)} and ${formatTime(window.end)}.`;
  if (size !== undefined && CONFIDENTIAL_SIZE.test(size)) {
    const hint =
      `${missing} Its size (${size}) is a confidential one: Azure cannot look into the memory of such machines and has no ` +
      'memory metrics of them. Alarm on memory inside the machine, or resize it to a size that is not confidential.';
    return { kind: 'not_monitored', resource, reason: 'unsupported', hint };
  }
  const hint = `${missing} They need no agent, but an operating system with Azure’s drivers: check whether the portal shows them under Metrics.`;
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}

/**
 * Sizes whose machines encrypt their memory from the host (AMD SEV-SNP, Intel TDX), for example Standard_DC4as_v5 and
 * Standard_EC96ieds_v6. DC sizes without these parts (DCsv3) have enclaves in memory that is otherwise plain.
 * https://learn.microsoft.com/azure/confidential-computing/virtual-machine-options
 */
const CONFIDENTIAL_SIZE = /^(standard_)?([de]c|ncc)\d+(-\d+)?i?(as|ads|es|eds)_/i;

function ofUnknownSize({ resource, size = 'without a name' }: Host): Reading {
  const hint =
    `Azure measures the available bytes of this machine and no percentage, and its size (${size}) is not in the list of the ` +
    'region’s sizes: its total memory is not known. Resize it to a size that the region still offers.';
  return { kind: 'not_monitored', resource, reason: 'unsupported', hint };
}
