/** What a host's samples say: a series, an agent that went silent, or one that was never there. */

import { minuteText } from '../../core/model/moment.ts';
import {
  MEMORY_UTILIZATION,
  type NotMonitored,
  type Reading,
  type Resource,
  type Span,
} from '../../core/model/series.ts';
import type { Read } from './memory-metric.ts';
import { isNode, mayBeNode } from './nodes.ts';

/** An agent is silent when it has said nothing for three hours: what is older than that cannot be judged any more. */
const STOPPED_REPORTING_AFTER_MS = 3 * 3_600_000;

/** Machines whose hypervisor reports memory without an agent. */
const BALLOONED = /^e2-/;

export function readingOf({ host, samples }: Read, { window, periodMs, statistic }: Span): Reading {
  if (samples.kind === 'failed') {
    const { reason, detail } = samples.failure;
    return { kind: 'unreadable', scope: host, reason, detail };
  }
  const { times, values } = samples;
  const last = times.at(-1);
  if (last === undefined) return neverReported(host, window.start);
  if (last < window.end - STOPPED_REPORTING_AFTER_MS) return stoppedReportingSince(host, last);
  return {
    kind: 'series',
    resource: host,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

function neverReported(host: Resource, start: number): NotMonitored {
  const since = minuteText(start);
  const noAgent =
    `No Ops Agent has reported the memory of this instance since ${since}. Install it: ` +
    `curl -sSO https://dl.google.com/cloudagents/add-google-cloud-ops-agent-repo.sh && sudo bash add-google-cloud-ops-agent-repo.sh --also-install.${balloonNote(host)}`;
  const byName = mayBeNode(host) ? ` If it is a node of a cluster, as its name says: ${TURN_ON}` : '';
  const hint = isNode(host)
    ? `The cluster has reported no memory of this node since ${since}. ${TURN_ON}`
    : `${noAgent}${byName}`;
  return { kind: 'not_monitored', resource: host, reason: 'not_reported', hint };
}

const TURN_ON = 'Turn system metrics on (gcloud container clusters update CLUSTER --monitoring=SYSTEM).';

/**
 * compute.googleapis.com/instance/memory/balloon/ram_used is the hypervisor's view: it is not documented to leave the page cache
 * out, and measured at twice what `free` calls used. Once a cache has filled the memory, a leak that eats the cache changes
 * nothing there, and a host that reads as steady may be dying.
 */
function balloonNote({ labels }: Resource): string {
  if (!BALLOONED.test(labels?.['host.type'] ?? '')) return '';
  return ' The memory that Compute Engine reports of E2 machines itself counts the page cache, which hides leaks, and is not read.';
}

function stoppedReportingSince(host: Resource, last: number): NotMonitored {
  const when = minuteText(last);
  const hint = isNode(host)
    ? `The cluster has reported no memory of this node after ${when}. See whether its node is Ready (kubectl get nodes).`
    : `The Ops Agent has reported nothing after ${when}. See whether it runs (sudo systemctl status google-cloud-ops-agent"*") and may write metrics (roles/monitoring.metricWriter).`;
  return { kind: 'not_monitored', resource: host, reason: 'stopped_reporting', hint };
}
