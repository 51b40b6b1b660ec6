/** One Google Cloud project of a tenant's config, and the identity that may read it. */
import * as z from 'zod';
import { accountFields, containersOf, eventPathSchema, regionsOf } from './account-fields.ts';

/** Of projects and service accounts: https://cloud.google.com/resource-manager/docs/creating-managing-projects */
const NAME = '[a-z][a-z0-9-]{4,28}[a-z0-9]';

/** Of workload identity pools and their providers; what begins with `gcp-` is Google's own. */
const poolName = z
  .string()
  .regex(/^(?!gcp-)[a-z0-9-]{4,32}$/, 'must be 4 to 32 lower case letters, digits and dashes, not beginning with gcp-');

/**
 * The parts of a workload identity federation, and not its credential file: the file holds addresses that a client would
 * send tokens to. From these parts, none of which can hold an address, we build our own.
 */
const serviceAccount = z
  .string()
  .regex(
    new RegExp(`^${NAME}@${NAME}\\.iam\\.gserviceaccount\\.com$`),
    'must be the email address of a service account, for example plimsoll@my-project.iam.gserviceaccount.com',
  );

export const identitySchema = z
  .strictObject({
    projectNumber: z
      .string({ error: ({ input }) => (input === undefined ? undefined : 'must be text: put the number in quotes') })
      .regex(/^[1-9]\d{5,18}$/, 'must be the number of the project that holds the workload identity pool, in quotes'),
    pool: poolName.describe('The workload identity pool.'),
    provider: poolName.describe('The AWS provider of the pool.'),
    serviceAccount: serviceAccount.describe('The service account that reads the project’s metrics.'),
  })
  .describe('The workload identity federation that lets Plimsoll read the project. infra/onboarding/gcp.sh makes it.');

const eventsSchema = z
  .strictObject({
    path: eventPathSchema,
    serviceAccount: serviceAccount.describe('The service account as which Pub/Sub pushes.'),
  })
  .describe(
    'Receives the changes of managed instance groups, as docs/scaling-events.md describes. Without it they are not known.',
  );

export const gcpProjectSchema = z
  .string()
  .regex(new RegExp(`^${NAME}$`), 'must be the id of a Google Cloud project, for example my-project-123456');

/** The form of every region, for example `northamerica-northeast1`; a zone has one more part. */
export const gcpRegionSchema = z
  .string()
  .regex(/^[a-z]{1,20}(-[a-z]{1,20}){1,4}\d{1,2}$/, 'must be a Google Cloud region, for example europe-west1');

export const gcpAccountSchema = z.strictObject({
  provider: z.literal('gcp'),
  account: gcpProjectSchema,
  regions: regionsOf(gcpRegionSchema),
  identity: identitySchema,
  events: eventsSchema.optional(),
  containers: containersOf(false),
  ...accountFields,
});

export type GcpIdentity = z.output<typeof identitySchema>;
