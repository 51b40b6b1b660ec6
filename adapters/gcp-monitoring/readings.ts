/** From a host's samples to its reading: a series, an agent that stopped reporting, or one that never reported. */

import { formatTime } from '../../core/messages/times.ts';
import type { NotMonitored, Reading, Resource } from '../../core/model/series.ts';
import type { SamplesRequest } from '../../core/ports/memory-source.ts';
import type { HostSamples } from './memory-metric.ts';
import { isNode, mayBeNode } from './nodes.ts';

/** An agent has stopped reporting after three hours without a sample: older samples cannot be evaluated any more. */
const STOPPED_REPORTING_AFTER_MS = 3 * 3_600_000;

/** Machines whose hypervisor reports memory without an agent. */
const BALLOONED = /^e2-/;

export function readingOf({ host, samples }: HostSamples, { metric, span, includeGone }: SamplesRequest): Reading {
  const { window, periodMs, statistic } = span;
  if (samples.kind === 'failed') {
    const { reason, detail } = samples.failure;
    return { kind: 'unreadable', scope: host, reason, detail };
  }
  const { times, values } = samples;
  const last = times.at(-1);
  if (last === undefined) return neverReported(host, window.start);
  if (!includeGone && last < window.end - STOPPED_REPORTING_AFTER_MS) return stoppedReportingSince(host, last);
  return {
    kind: 'series',
    resource: host,
    metric,
    unit: '1',
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

function neverReported(host: Resource, start: number): NotMonitored {
  const since = formatTime(start);
  const noAgent =
    `No Ops Agent has reported the memory of this instance since ${since}. Install it: ` +
    `curl -sSO https://dl.google.com/cloudagents/add-google-cloud-ops-agent-repo.sh && sudo bash add-google-cloud-ops-agent-repo.sh --also-install.${balloonNote(host)}`;
  const byName = mayBeNode(host) ? ` If it is a node of a cluster, as its name suggests: ${TURN_ON}` : '';
  const hint = isNode(host)
    ? `The cluster has reported no memory of this node since ${since}. ${TURN_ON}`
    : `${noAgent}${byName}`;
  return { kind: 'not_monitored', resource: host, reason: 'not_reported', hint };
}

const TURN_ON = 'Turn on system metrics (gcloud container clusters update CLUSTER --monitoring=SYSTEM).';

/**
 * compute.googleapis.com/instance/memory/balloon/ram_used is the hypervisor's view: it is not documented to leave the page cache
 * out, and was measured at twice what `free` calls used. Once a cache has filled the memory, a leak that displaces the cache changes
 * nothing there, and a host that reads as steady may be about to run out.
 */
function balloonNote({ labels }: Resource): string {
  if (!BALLOONED.test(labels?.['host.type'] ?? '')) return '';
  return ' What Compute Engine itself reports of E2 machines is not read: it counts the page cache, which hides leaks.';
}

function stoppedReportingSince(host: Resource, last: number): NotMonitored {
  const when = formatTime(last);
  const hint = isNode(host)
    ? `The cluster has reported no memory of this node after ${when}. Check that the node is Ready (kubectl get nodes).`
    : `The Ops Agent has reported nothing after ${when}. Check that it runs (sudo systemctl status google-cloud-ops-agent"*") and may write metrics (roles/monitoring.metricWriter).`;
  return { kind: 'not_monitored', resource: host, reason: 'stopped_reporting', hint };
}
