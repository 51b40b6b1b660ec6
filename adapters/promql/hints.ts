/** What the owner of a host can do where its memory, or that of its consumers, is not collected. */
import { isKubernetesName } from '../../core/messages/container-host.ts';
import { formatTime } from '../../core/messages/times.ts';
import type { Resource } from '../../core/model/series.ts';

/** A target that fails, and has done so throughout the window. */
export function neverScraped(instance: string, job: string): string {
  return (
    `Prometheus has not been able to scrape ${instance}${job === '' ? '' : ` of job ${job}`} in all of the window. Check that the exporter ` +
    'runs there and that its port is open for the server; the page Status, Targets shows its last error.'
  );
}

/** Who reports a host, for people: `node_exporter`. */
interface Reporter {
  readonly title: string;
  readonly host: Resource;
}

export function notReported({ title, host }: Reporter, start: number): string {
  const since = formatTime(start);
  if (title === 'node_exporter') {
    return (
      `node_exporter of ${nameOf(host)} is scraped and has shown no MemAvailable since ${since}. Check that its collector meminfo is on; ` +
      'kernels before 3.14 do not have the figure.'
    );
  }
  if (title === 'kubelet') {
    return (
      `The kubelet of ${nameOf(host)} states the memory that its node has and, since ${since}, not what is used of it. Keep the series ` +
      'container_memory_working_set_bytes{id="/"}, which rules that drop series without a container drop too; or scrape node_exporter on the node.'
    );
  }
  return `${title} has shown no used memory of ${nameOf(host)} since ${since}, though it is known. Check which of its metrics are kept by the server.`;
}

/** @param isDown Whether the server states that its scrapes fail. */
export function stoppedReporting({ title, host }: Reporter, last: number, isDown: boolean): string {
  const when = `${formatTime(last)}${isDown ? ' (up is 0: it cannot be scraped)' : ''}`;
  if (host.kind === 'container') {
    return (
      `No memory of ${nameOf(host)} has come after ${when}, and nobody is known to have removed it. Check that the kubelet of its node is scraped: ` +
      'up{job="kubelet"} on the page Status, Targets.'
    );
  }
  return (
    `${title} of ${nameOf(host)} has shown no memory after ${when}. Check on the page Status, Targets whether it can be scraped, ` +
    'and on the machine whether it runs (systemctl status prometheus-node-exporter, or its service’s name).'
  );
}

/** How to have the processes of a machine. */
export const NO_PROCESSES =
  'No exporter reports the processes of this machine. Install process-exporter (apt-get install prometheus-process-exporter; ' +
  'process_names: [{ name: "{{.Comm}}", cmdline: [".+"] }]) and scrape its port 9256 under the same address; or turn on the scraper process of ' +
  'the OpenTelemetry collector’s host metrics receiver.';

export const NO_PROCESSES_WINDOWS =
  'windows_exporter does not report the processes of this machine. Turn its collector on: --collectors.enabled "[defaults],process" ' +
  '(in its service’s command line, or in config.yml), and it shows windows_process_private_bytes.';

export const NO_PODS =
  'The server has no containers of this node. Scrape /metrics/cadvisor of its kubelet (port 10250), as the job kubelet of ' +
  'kube-prometheus and most charts do, and keep the metric container_memory_working_set_bytes.';

export function noProcessesInside(host: Resource): string {
  return `Prometheus has the memory of a container in one figure, and none of the processes in it. To see them now: ${lookInside(host)}.`;
}

/** Labels are what somebody wrote: one that is no name makes no command. */
function lookInside({ labels = {} }: Resource): string {
  const { 'k8s.pod.name': pod, 'k8s.namespace.name': namespace, 'k8s.container.name': container } = labels;
  if (pod === undefined || namespace === undefined) return 'docker top, or docker exec with ps';
  const names = [namespace, pod, ...(container === undefined ? [] : [container])];
  if (!names.every(isKubernetesName)) return 'kubectl exec with ps';
  const where = container === undefined ? '' : ` -c ${container}`;
  return `kubectl exec -n ${namespace} ${pod}${where} -- ps -eo rss,comm --sort=-rss`;
}

function nameOf({ name, id }: Resource): string {
  return name === undefined ? id : `${name} (${id})`;
}
