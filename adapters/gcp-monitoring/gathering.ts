/** Assigns the series of a metric to hosts, and finds series that may be of several hosts. Pure. */
import type { Resource, Span } from '../../core/model/series.ts';
import { type Failure, failureFor } from '../reading/failure.ts';
import type { Head } from './answers.ts';
import type { Batch } from './batches.ts';
import type { HostSamples, MemoryMetric } from './memory-metric.ts';
import { clusterOf } from './nodes.ts';
import { createCollector } from './samples.ts';

export interface Gathering {
  /** Adds one page's part of a series; returns the hosts of which nothing more can come. */
  add(head: Head, series: unknown, answerIsComplete: boolean): HostSamples[];
  /** The hosts that are left at the end, and of the failure that ended it. */
  rest(failure: Failure | undefined): HostSamples[];
}

/** A host whose samples are being collected. */
interface Waiting {
  readonly host: Resource;
  /** With the labels that its series add. */
  described: Resource;
  /** The resource that its series are of. */
  origin?: string;
  /** Whether several machines or nodes go by its name, so that nobody knows which series is its own. */
  isUnclear: boolean;
}

export function createGathering(metric: MemoryMetric, { wanted, known }: Batch, span: Span): Gathering {
  const { label, scale, ownersOf, isCertain, describe } = metric;
  const collector = createCollector(span, scale);
  const waiting = new Map(wanted.map((host): [string, Waiting] => [host.id, waitingOf(host)]));

  /** A series may be of other hosts as well, and a host may have had another series already. */
  function claim(own: Waiting, { resource: { labels } }: Head, owners: number): void {
    const origin = JSON.stringify(clusterOf(labels));
    if (owners > 1 || (own.origin ?? origin) !== origin) own.isUnclear = true;
    own.origin = origin;
    own.described = describe(own.host, labels);
  }

  function isDone({ host, isUnclear }: Waiting, answerIsComplete: boolean): boolean {
    return !isUnclear && isCertain(host) && collector.isComplete(host.id, answerIsComplete);
  }

  return {
    add(head, series, answerIsComplete) {
      const { labels } = head.resource;
      const owners = ownersOf(labels, known.get(labels[label] ?? '') ?? []);
      return owners.flatMap(({ id }): HostSamples[] => {
        const own = waiting.get(id);
        if (own === undefined) return [];
        claim(own, head, owners.length);
        collector.add(id, series);
        if (!isDone(own, answerIsComplete)) return [];
        waiting.delete(id);
        return [{ host: own.described, samples: collector.take(id) }];
      });
    },
    rest(end) {
      return [...waiting].map(([id, { described: host, isUnclear }]) => {
        const failure = end ?? (isUnclear ? UNCLEAR : undefined);
        return { host, samples: failure ? { kind: 'failed', failure } : collector.take(id) };
      });
    },
  };
}

function waitingOf(host: Resource): Waiting {
  return { host, described: host, isUnclear: false };
}

/** A host that is left out would be taken for healthy, and a guess might be another host's memory. */
const UNCLEAR = failureFor(
  'malformed',
  'Cloud Monitoring shows several machines, or nodes of several clusters, under its name and not which of them it is',
);
