/** The config that a new tenant starts from. It is valid once its placeholders are replaced; optional fields are shown with their defaults, those that the deployment may set as comments. */

import { ACCOUNT_PROVIDERS, type AccountProvider, isCloudProvider } from '../../core/model/series.ts';
import { PLACEHOLDERS } from '../../core/tenants/placeholders.ts';
import { PLIMSOLL } from '../program.ts';

const HEAD = `# A tenant of Plimsoll: which accounts are inspected, when, and how.
# Check it with \`${PLIMSOLL} tenants validate FILE\`; \`${PLIMSOLL} tenants schema\` prints its JSON Schema.
version: 1
tenant: acme                # lower case letters, digits and dashes; never changes
name: Acme Ltd
enabled: true

# Applies to all accounts; each account may override single values under a \`policy\` of its own. Set what shall differ from the
# defaults, and no more: a value that stands here no longer follows the defaults of the deployment (\`plimsoll config defaults\`).
# policy:
#   lookBackHours: 100      # history that is evaluated: more costs no more, and finds about the same
#   shownHours: 6           # finer samples that a finding shows
#   deepReadDays: 60        # days that are read once a day to learn what is normal; 0: none
#   threshold: 0.7          # confidence from which a host counts as leaking
#   prior: 0.03             # share of inspections that are of a leaking host
#   environment: staging    # production multiplies the threshold by 1.2, canary by 1.1, development by 0.8
#   recoverAfter: 4         # steady inspections in a row that end an incident
#   early: notify           # a new host that outgrows its siblings: notify, page or off

# cadence: adaptive         # schedule (default): every host at every slot; adaptive: steady hosts that are far from their limit every 4 hours
# costCap: { usdPerMonth: 50 } # near it jobs and such hosts are inspected less often, then jobs are paused; memory is never stopped

# Who is notified of what, and when. Without it what is confirmed pages once, what is worse pages when it is critical, and all else is
# sent and pages nobody. Receivers, reminders, runbooks and labels: docs/alerts.md.
# alerts:
#   timezone: Europe/Berlin # messages state times in it beside UTC
#   shadow: { until: '2026-12-07T00:00:00Z', budget: 5 } # nothing is sent until then; a summary with the threshold for so many pages a week follows
#   storm: { hosts: 5, withinHours: 6 } # as many hosts of a group that rise alike are one incident; false: each is its own
#   maintenance:            # put off until the window ends
#     - { name: patch-day, cron: '0 2 * * 0', durationMinutes: 120, timezone: Europe/Berlin, match: { groups: ['web-*'] } }
#   silenceHours: 12        # after a notification of an incident, unless it is worse or over
#   preset: default         # precog: rules by pattern, confidence, growth and cool-down
#   rules:                  # before those of the preset; the first that matches decides: page, notify or hold
#     - { name: development, environments: [development], action: hold }
#   quietHours:             # what is less severe waits until their end
#     - { from: '22:00', to: '07:00', timezone: Europe/Berlin, below: critical }
#   digest: { every: week, day: mon, at: '08:00', timezone: Europe/Berlin } # or every: day; what was sent, held back and is open

# Links of your own on the page of a host or an incident: docs/tenants.md has the placeholders.
# links:
#   - title: Logs
#     url: 'https://logs.example.com/search?host={host.id}&from={from}&to={to}'

# Which hosts: all, unless there are rules. * is any text and ? one character; all fields of a rule must match.
# hosts:
#   include:
#     - group: web-*
#   exclude:
#     - id: i-0123456789abcdef0
#     - labels: { host.type: t4g.nano }

`;

/** What is the same for every account. */
const REST = `    schedule:
      cron: '0 * * * *'     # minute hour day-of-month month day-of-week
      timezone: UTC
    enabled: true
`;

/** Jobs of anomaly inspection, with what each provider has anyway. Where reading is billed they are hourly. */
function jobsOf(provider: AccountProvider): string {
  const isBilled = isCloudProvider(provider);
  const feed = FEEDS[provider];
  return `    # Other metrics beside memory, point by point: docs/anomalies.md. \`${PLIMSOLL} inspect --metric NAME\` tries one first.
    # anomalies:
    #   - name: ${isBilled ? 'hourly' : 'resident'}
    #     metrics: [system.cpu.utilization, system.filesystem.utilization${feed === undefined ? '' : `, ${feed.name}`}]
    #     everyMinutes: ${isBilled ? '60      # 1 to 60; each inspection is billed' : '1       # 1 to 60'}
    #     periodSeconds: ${isBilled ? '300    # seconds that a point stands for' : '60     # seconds that a point stands for'}
    #     referencePoints: ${isBilled ? '2016 # points that are learned from: a week' : '2880 # points that are learned from: two days'}
    #     cycle: day            # none, day or week
    #     keep: anomalies       # or all: the points between them too
    #     report: true          # whether what lasts becomes an incident
    #     # hosts: { include: [{ group: 'web-*' }] } # all, unless there are rules
${feed === undefined ? '' : feed.text}`;
}

interface FeedExample {
  /** What the job calls its column. */
  readonly name: string;
  readonly text: string;
}

/** Metrics of one's own. Hosts that send have none: the catalogue alone is kept of them. */
const FEEDS: Readonly<Partial<Record<AccountProvider, FeedExample>>> = {
  aws: {
    name: 'queue.depth',
    text: `    # feeds:                  # metrics of your own, for \`metrics\` above
    #   - query: AWS/SQS        # the namespace
    #     entity: [QueueName]   # the dimensions that make the id of a host
    #     columns:
    #       - { name: queue.depth, column: ApproximateNumberOfMessagesVisible, unit: '{message}', direction: up, lower: 0 }
    #     mostSeries: 100       # where there are more none is read: each is billed
`,
  },
  gcp: {
    name: 'run.instances',
    text: `    # feeds:                  # metrics of your own, for \`metrics\` above
    #   - entity: [service_name, resource.labels.location] # the labels that make the id of a host
    #     columns:
    #       - { name: run.instances, column: run.googleapis.com/container/instance_count, unit: '{instance}', direction: up, lower: 0 }
`,
  },
  azure: {
    name: 'disk.queue',
    text: `    # feeds:                  # metrics of your own, for \`metrics\` above
    #   - entity: [machine]     # the machine is the host
    #     columns:
    #       - { name: disk.queue, column: OS Disk Queue Depth, unit: '{operation}', direction: up, lower: 0 }
`,
  },
  prometheus: {
    name: 'queue.depth',
    text: `    # feeds:                  # metrics of your own, for \`metrics\` above
    #   - query: queue_depth    # PromQL
    #     entity: [instance]    # the labels that make the id of a host
    #     columns:
    #       - { name: queue.depth, column: queue_depth, unit: '{message}', direction: up, lower: 0 }
`,
  },
};

/** Containers cost in the clouds; a server has them already. */
const CONTAINERS = {
  cloud: `    # containers: true        # against their limits too; what it costs: docs/containers.md
`,
  server: `    containers: true        # against their limits too; false: machines alone
`,
} as const;

/** Names of roles, pools and service accounts are those that infra/onboarding gives. */
const ACCOUNTS: Readonly<Record<AccountProvider, string>> = {
  aws: `  # infra/onboarding/aws.yml makes the role. Its trust policy names the external id that \`tenants put\` prints.
  - provider: aws
    account: '${PLACEHOLDERS.awsAccount}' # in quotes: else it is read as a number
    regions: [eu-west-1]
    role: arn:aws:iam::${PLACEHOLDERS.awsAccount}:role/plimsoll-reader
`,
  gcp: `  # infra/onboarding/gcp.sh makes the identity, and prints these lines.
  - provider: gcp
    account: ${PLACEHOLDERS.gcpProject} # the id of the project, not its name or number
    regions: [europe-west1]
    identity:
      projectNumber: '${PLACEHOLDERS.gcpProjectNumber}' # of the project that holds the pool; in quotes
      pool: plimsoll-prod-acme-0b5c1d2e
      provider: plimsoll-aws
      serviceAccount: plimsoll-prod-acme-0b5c1d2e@${PLACEHOLDERS.gcpProject}.iam.gserviceaccount.com
`,
  azure: `  # infra/onboarding/azure.sh makes the application, and prints these lines.
  - provider: azure
    account: ${PLACEHOLDERS.azureId} # the id of the subscription
    regions: [westeurope]
    directory: ${PLACEHOLDERS.azureId} # what Azure calls a tenant
    client: ${PLACEHOLDERS.azureId} # the application (client) id
    # workspace: ${PLACEHOLDERS.azureId} # Log Analytics: processes and pods
`,
  prometheus: `  # A Prometheus server, or a service that answers as one: docs/prometheus.md. The operator lists its host at deploy.
  - provider: prometheus
    account: production      # what you call it
    url: ${PLACEHOLDERS.prometheusUrl} # without /api/v1
    auth: { type: bearer, secret: prometheus-token } # or none, basic, sigv4, entra, google
    # clusterLabels: [cluster, region] # what distinguishes servers that write into one store
    # groupLabel: job         # machines with the same value are a group
`,
  otlp: `  # Hosts that send their memory themselves: an OpenTelemetry collector, or plimsoll record. docs/otlp.md has the configs.
  - provider: otlp
    account: sent            # what you call them; an ingest token sends for this name
    # groupAttribute: service.name # hosts with the same value are a group
    # keepAttributes: [deployment.environment.name] # further labels of a host
`,
};

/** A config with one account of each of these providers. */
export function tenantTemplate(providers: readonly AccountProvider[] = ACCOUNT_PROVIDERS): string {
  const accounts = providers.map((provider) => ACCOUNTS[provider] + containersOf(provider) + REST + jobsOf(provider));
  return `${HEAD}${providers.length > 1 ? SEVERAL : ''}accounts:\n${accounts.join('\n')}`;
}

/** Hosts send no containers. */
function containersOf(provider: AccountProvider): string {
  if (isCloudProvider(provider)) return CONTAINERS.cloud;
  return provider === 'prometheus' ? CONTAINERS.server : '';
}

const SEVERAL = '# One of each provider: take out those that you do not have.\n';
