/** What makes a host report its memory, ready to be copied: docs/collect.md explains it. */
import type { AccountProvider } from '../model/series.ts';
import { shellWord } from './explain-command.ts';
import { stageOption } from './incident-commands.ts';

export interface Snippet {
  /** Of the text: `json`, `sh`. */
  readonly language: string;
  readonly text: string;
}

/** The section of the CloudWatch agent that reports the memory of a host and of its processes. */
const CLOUDWATCH_AGENT = JSON.stringify(
  {
    metrics: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: The agent replaces it.
      append_dimensions: { InstanceId: '${aws:InstanceId}' },
      metrics_collected: {
        mem: { measurement: ['mem_used_percent', 'mem_total'] },
        procstat: [{ exe: '.*', measurement: ['memory_rss', 'pid_count'] }],
      },
    },
  },
  null,
  2,
);

/** https://cloud.google.com/monitoring/agent/ops-agent/install-index */
const OPS_AGENT = [
  'curl -sSO https://dl.google.com/cloudagents/add-google-cloud-ops-agent-repo.sh',
  'sudo bash add-google-cloud-ops-agent-repo.sh --also-install',
].join('\n');

/** Of Debian and Ubuntu; it listens on port 9100, which the server has to scrape. */
const NODE_EXPORTER = 'sudo apt-get install --yes prometheus-node-exporter';

/** For hosts whose memory is not reported; null where there is nothing to run. */
export function collectSnippet(provider: AccountProvider): Snippet | null {
  switch (provider) {
    case 'aws':
      return { language: 'json', text: CLOUDWATCH_AGENT };
    case 'gcp':
      return { language: 'sh', text: OPS_AGENT };
    case 'azure':
      return null;
    case 'prometheus':
      return { language: 'sh', text: NODE_EXPORTER };
    // The address and the token are the operator's: docs/otlp.md has the config of a collector.
    case 'otlp':
      return null;
  }
}

/**
 * For what could not be read: what is missing, and how to change it.
 *
 * @param stage Of the deployment; undefined where it is not known.
 */
export function doctorSnippet(tenant: string, account: string, stage: string | undefined): Snippet {
  const text = `npx plimsoll doctor --tenant ${shellWord(tenant)} --account ${shellWord(account)} ${stageOption(stage)}`;
  return { language: 'sh', text };
}
