/** One Azure subscription of a tenant's config, and the application that may read it. */
import * as z from 'zod';
import { accountFields, containersOf, eventPathSchema, regionsOf } from './account-fields.ts';

/** Ids are all that is taken: none of them can hold an address that a client would send a token to. */
const uuid = (what: string) =>
  z.string().regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, `must be the id of ${what}: a UUID in lower case`);

export const azureSubscriptionSchema = uuid('an Azure subscription');

export const azureWorkspaceSchema = uuid('a Log Analytics workspace');

/** The form of every region's name, for example `eastus2`, `usgovvirginia` or `centraluseuap`; "West Europe" is a display name. */
export const azureRegionSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,40}$/, 'must be an Azure region, for example westeurope');

const eventsSchema = z
  .strictObject({
    path: eventPathSchema,
    application: uuid('an application of the directory').describe(
      'The application of the directory for which Event Grid gets its tokens: their audience.',
    ),
  })
  .describe('Receives the changes of scale sets, as docs/scaling-events.md describes. Without it they are not known.');

/** The application as which a subscription, or a workspace, is read. */
export const azureIdentityFields = {
  directory: uuid('the Microsoft Entra directory of the subscription').describe(
    'The directory that the subscription trusts (what Azure calls a tenant).',
  ),
  client: uuid('an application of the directory').describe(
    'The application (client) that reads the subscription, with a federated credential for this tenant. infra/onboarding/azure.sh makes it.',
  ),
};

export const azureAccountSchema = z.strictObject({
  provider: z.literal('azure'),
  account: azureSubscriptionSchema,
  regions: regionsOf(azureRegionSchema),
  ...azureIdentityFields,
  workspace: azureWorkspaceSchema
    .optional()
    .describe(
      'The workspace that holds processes and pods. Without it hosts are evaluated, and top consumers are not named.',
    ),
  events: eventsSchema.optional(),
  containers: containersOf(false),
  ...accountFields,
});

export type AzureAccount = z.output<typeof azureAccountSchema>;
