/** One Prometheus server of a tenant's config, or a service that answers as one does, and how it is authorised at. */
import * as z from 'zod';
import { accountFields, containersOf, regionsOf } from './account-fields.ts';
import { awsRoleSchema } from './aws-account.ts';
import { azureIdentityFields } from './azure-account.ts';
import { identitySchema } from './gcp-account.ts';
import { caSchema, httpsSchema, secretNameSchema } from './receiver.ts';
import { NO_REGION } from './series.ts';

/** What its owner calls the server. */
export const prometheusNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 lower case letters, digits and inner dashes');

/** Grafana Mimir and Cortex: https://grafana.com/docs/mimir/latest/configure/about-tenant-ids/ ; several have `|` between them. */
export const orgIdSchema = z
  .string()
  .regex(/^[\w!.*'()|-]{1,150}$/, "must be 1 to 150 letters, digits and ! - _ . * ' ( ) |");

/** Prometheus 3 takes names in UTF-8; none of ours has a quote, a backslash or a control character. */
export const labelNameSchema = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_.:/-]{0,127}$/u, 'must be the name of a label, for example instance');

/** Where several servers write into one store. */
export const clusterLabelsSchema = z.array(labelNameSchema).min(1).max(4);

const expression = z.string().min(1).max(4000);

const querySchema = z
  .strictObject({
    kind: z.enum(['machine', 'container']),
    used: expression.describe('The memory that is used, in bytes. `$period` stands for the period, for example 15m.'),
    limit: expression.optional().describe('Its limit in bytes, with the same labels. Without it bytes have no limit.'),
    labels: z
      .strictObject({
        id: z.array(labelNameSchema).min(1).max(8).describe('The labels that make the id of a host, in this order.'),
        name: labelNameSchema.optional(),
        group: labelNameSchema.optional(),
        keep: z.array(labelNameSchema).max(20).optional().describe('Further labels that a host keeps.'),
      })
      .describe('Which labels of the answer identify and name a host.'),
  })
  .describe('An expression of your own instead of those for the exporters that are known.');

const queriesSchema = z.array(querySchema).min(1).max(20);

/**
 * How requests are authorised. Secrets are named and never written here. Whoever can issue credentials for a cloud at all gets them
 * sent to the cloud's own hosts alone: see `hostIssue`.
 */
const prometheusAuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  /** The secret is `user:password`. */
  z.strictObject({ type: z.literal('basic'), secret: secretNameSchema }),
  /** The secret is the token. */
  z.strictObject({ type: z.literal('bearer'), secret: secretNameSchema }),
  /** Amazon Managed Service for Prometheus, and the PromQL of CloudWatch. Region and service follow from the host. */
  z.strictObject({ type: z.literal('sigv4'), role: awsRoleSchema }),
  /** An Azure Monitor workspace. */
  z.strictObject({ type: z.literal('entra'), ...azureIdentityFields }),
  /** Google Cloud Managed Service for Prometheus. */
  z.strictObject({ type: z.literal('google'), identity: identitySchema }),
]);

const urlSchema = httpsSchema
  .refine((text) => {
    const url = URL.parse(text);
    return url === null || (url.username === '' && url.password === '');
  }, 'must not hold a user name or password: name a secret under auth')
  .refine((text) => !/[?#]/.test(text), 'must end with a path: leave out what follows ? or #');

export const prometheusAccountSchema = z
  .strictObject({
    provider: z.literal('prometheus'),
    account: prometheusNameSchema.describe('What you call the server.'),
    regions: regionsOf(
      z.string().regex(new RegExp(`^${NO_REGION}$`), `must be ${NO_REGION}: a server has no regions`),
    ).default([NO_REGION]),
    url: urlSchema.describe(
      'Where the API is, without /api/v1. The operator lists its host at deploy, unless it is one of a cloud.',
    ),
    auth: prometheusAuthSchema.default({ type: 'none' }),
    ca: caSchema.optional(),
    orgId: orgIdSchema.optional().describe('The tenant of Grafana Mimir or Cortex, sent as X-Scope-OrgID.'),
    clusterLabels: clusterLabelsSchema
      .optional()
      .describe(
        'The labels that distinguish servers whose machines or pods have equal names. Default: cluster, and at Google location too.',
      ),
    groupLabel: labelNameSchema.optional().describe('The label that groups machines. Without it they have no group.'),
    queries: queriesSchema.optional(),
    containers: containersOf(true),
    ...accountFields,
  })
  .superRefine(({ url, auth }, { addIssue }) => {
    const issue = hostIssue(auth.type, url);
    if (issue !== undefined) addIssue({ code: 'custom', path: ['url'], message: issue });
  });

export type PrometheusAccount = z.output<typeof prometheusAccountSchema>;
export type PrometheusAuth = PrometheusAccount['auth'];

/** Hosts of Amazon's two services, an interface endpoint's among them. */
const AWS_HOST =
  /^(?:vpce-[a-z0-9-]+\.)?(aps-workspaces|monitoring)(?:-fips)?\.([a-z]{2,8}(?:-[a-z]{1,20}){1,4}-\d{1,2})\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/;

/** Of Azure's public cloud, for which tokens are requested: a sovereign cloud must not receive them. */
const AZURE_HOST = /^(?:[a-z0-9-]+\.){1,3}prometheus\.monitor\.azure\.com$/;

const GOOGLE_HOST = 'monitoring.googleapis.com';

/** What a signature of AWS is made for: `aps` or `monitoring`, in a region. Undefined of a host that is none of these services. */
export function awsServiceOf(
  url: URL,
): { readonly service: 'aps' | 'monitoring'; readonly region: string } | undefined {
  const [, name, region] = AWS_HOST.exec(url.hostname) ?? [];
  if (region === undefined || url.port !== '') return undefined;
  return { service: name === 'monitoring' ? 'monitoring' : 'aps', region };
}

/** The cloud whose own host it is; undefined of any other. */
export function prometheusCloudOf(url: URL): 'aws' | 'azure' | 'gcp' | undefined {
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  if (awsServiceOf(url) !== undefined) return 'aws';
  if (AZURE_HOST.test(url.hostname)) return 'azure';
  return url.hostname === GOOGLE_HOST ? 'gcp' : undefined;
}

const OF_CLOUD = {
  sigv4: { cloud: 'aws', example: 'aps-workspaces.REGION.amazonaws.com or monitoring.REGION.amazonaws.com' },
  entra: { cloud: 'azure', example: 'NAME.REGION.prometheus.monitor.azure.com' },
  google: { cloud: 'gcp', example: 'monitoring.googleapis.com' },
} as const;

/** Why credentials of a cloud are not sent to a host; undefined where they are. */
export function hostIssue(type: PrometheusAuth['type'], text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !isOfCloud(type)) return undefined;
  const { cloud, example } = OF_CLOUD[type];
  return prometheusCloudOf(url) === cloud ? undefined : `must be a host of ${example}: ${type} is for no other`;
}

function isOfCloud(type: PrometheusAuth['type']): type is keyof typeof OF_CLOUD {
  return type in OF_CLOUD;
}
