/** The sources that the command line can read. Only this file knows all of them: each cloud function imports its own. */
import type { PrometheusAccount } from '../core/model/prometheus-account.ts';
import { PlimsollError, SourceError } from '../core/ports/errors.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { type RoleGrant, roleCredentials } from './aws/credentials.ts';
import { ownRegion } from './aws/own-region.ts';
import { trustWarning } from './aws/trust.ts';
import { type DirectoryGrant, federatedCredentials } from './azure/credentials.ts';
import { loopbackHttpClient } from './azure/loopback.ts';
import { ownCredentials as ownAzureCredentials } from './azure/own-credentials.ts';
import { azureMonitorSource } from './azure-monitor/source.ts';
import { cloudwatchSource } from './cloudwatch/source.ts';
import {
  federatedCredentials as federatedWithGoogle,
  ownCredentials,
  type PoolGrant,
  type SignIn,
} from './gcp/credentials.ts';
import { loopbackClient } from './gcp/loopback.ts';
import { monitoringClients } from './gcp-monitoring/client.ts';
import { cloudMonitoringSource } from './gcp-monitoring/source.ts';
import { type OtlpOptions, otlpSource } from './otlp/source.ts';
import type { PromqlConnection } from './promql/connection.ts';
import { type OwnServer, ownConnection } from './promql/own-connection.ts';
import { promqlSource } from './promql/source.ts';
import { type TraceFileOptions, traceFileSource } from './trace-file/source.ts';

export type SourceChoice =
  | {
      readonly kind: 'aws';
      readonly account: string;
      readonly region: string;
      /** Whether containers are read beside machines. Default: no. */
      readonly containers?: boolean;
      /** Absent: the credentials of the environment read the account. */
      readonly grant?: RoleGrant;
    }
  | GcpChoice
  | AzureChoice
  | PrometheusChoice
  | ({ readonly kind: 'otlp' } & OtlpOptions)
  | ({ readonly kind: 'trace_file' } & TraceFileOptions);

interface GcpChoice {
  readonly kind: 'gcp';
  /** The project. */
  readonly account: string;
  readonly region: string;
  /** Whether containers are read beside machines. Default: no. */
  readonly containers?: boolean;
  /** Absent: the application default credentials (`gcloud auth application-default login`) read the project. */
  readonly grant?: PoolGrant & {
    /**
     * The ARN of the role whose sessions name the tenant, and the region in which it is assumed. Called when the project is
     * read: where it throws a `PlimsollError`, this project is unreadable and no other.
     */
    readonly session: () => { readonly sessionRole: string; readonly stsRegion: string };
  };
  /** For tests and the demo: where Cloud Monitoring is instead, 127.0.0.1:PORT. */
  readonly testEndpoint?: string;
}

interface AzureChoice {
  readonly kind: 'azure';
  /** The subscription. */
  readonly account: string;
  readonly region: string;
  /** Whether containers are read beside machines. Default: no. */
  readonly containers?: boolean;
  readonly workspace?: string;
  /** Absent: whoever is signed in with `az login` reads the subscription. */
  readonly grant?: DirectoryGrant;
  /** For tests and the demo: where requests for Azure go instead, http://127.0.0.1:PORT. */
  readonly testEndpoint?: string;
}

interface PrometheusChoice {
  readonly kind: 'prometheus';
  /** What its owner calls the server. */
  readonly account: string;
  readonly region: string;
  readonly containers: boolean;
  readonly clusterLabels?: readonly string[] | undefined;
  readonly groupLabel?: string;
  readonly queries?: PrometheusAccount['queries'];
  /** Epoch milliseconds: as of when hosts are counted and described. Default: now. */
  readonly asOf?: number;
  /** As whoever runs the command reaches it, or as a tenant has granted it. */
  readonly server: OwnServer | (() => PromqlConnection);
}

export function openSource(choice: SourceChoice): MemorySource {
  switch (choice.kind) {
    case 'aws': {
      const { account, region, containers = false, grant } = choice;
      if (grant === undefined) return cloudwatchSource({ account, region, containers });
      const sts = { region: () => ownRegion(region) };
      const source = cloudwatchSource({
        account,
        region,
        containers,
        client: { credentials: roleCredentials({ client: sts })(grant) },
      });
      return { ...source, trustWarning: (signal) => trustWarning(grant, sts, signal) };
    }
    case 'gcp':
      return openGcp(choice);
    case 'azure':
      return openAzure(choice);
    case 'prometheus':
      return openPrometheus(choice);
    case 'otlp':
      return otlpSource(choice);
    case 'trace_file':
      return traceFileSource(choice);
  }
}

function openGcp({ account, region, containers = false, grant, testEndpoint }: GcpChoice): MemorySource {
  const testClient = testEndpoint === undefined ? undefined : loopbackClient(testEndpoint);
  let signIn: SignIn | undefined;
  const clientOf = monitoringClients();
  return cloudMonitoringSource({
    project: account,
    region,
    containers,
    async client() {
      if (testClient !== undefined) return testClient;
      signIn ??= grant === undefined ? ownCredentials() : federated(account, grant);
      return clientOf(await signIn());
    },
  });
}

function federated(project: string, grant: NonNullable<GcpChoice['grant']>): SignIn {
  try {
    const { sessionRole, stsRegion } = grant.session();
    return federatedWithGoogle({ role: sessionRole, sts: { region: stsRegion } })(grant);
  } catch (cause) {
    if (!(cause instanceof PlimsollError)) throw cause;
    const message =
      `cannot sign in to project ${project}: ${cause.message} Set it, or read the project with your own credentials ` +
      `(--provider gcp --account ${project}).`;
    throw new SourceError(message, { reason: 'denied', retryable: false, stage: 'sign_in', cause });
  }
}

/** STS takes its region from the environment (AWS_REGION), as the SDK does: the Azure region does not determine it. */
function openAzure({ account, region, containers = false, workspace, grant, testEndpoint }: AzureChoice): MemorySource {
  const http = testEndpoint === undefined ? {} : { httpClient: loopbackHttpClient(testEndpoint) };
  const credential = grant ? federatedCredentials({ sts: {}, ...http })(grant) : ownAzureCredentials();
  const connection = { credential, ...http };
  return azureMonitorSource({ connection, account, region, containers, ...(workspace !== undefined && { workspace }) });
}

function openPrometheus(choice: PrometheusChoice): MemorySource {
  const { account, containers, clusterLabels, groupLabel, queries, asOf, server } = choice;
  return promqlSource({
    account,
    connection: typeof server === 'function' ? server() : ownConnection(server),
    containers,
    clusterLabels,
    groupLabel,
    queries,
    ...(asOf !== undefined && { now: () => asOf }),
  });
}
