/** One AWS account of a tenant's config, and the role that may read it. */
import * as z from 'zod';
import { accountFields, containersOf, regionsOf } from './account-fields.ts';

// Without quotes YAML reads a number, and an account that begins with 0 would lose it.
export const awsAccountIdSchema = z
  .string({ error: ({ input }) => (input === undefined ? undefined : 'must be text: put the 12 digits in quotes') })
  .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account');

/**
 * The form of every partition's regions, for example `mx-central-1`, `us-iso-east-1` and `eusc-de-east-1`, and no local zone's.
 * It becomes part of a host's name. Whether there is such a region is for `KNOWN_REGIONS` to warn about.
 */
export const awsRegionSchema = z
  .string()
  .regex(/^[a-z]{2,8}(-[a-z]{1,20}){1,4}-\d{1,2}$/, 'must be an AWS region, for example eu-west-1');

export const awsRoleSchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/plimsoll-[\w+=,.@-]{1,55}$/,
    'must be the ARN of an IAM role whose name begins with plimsoll-',
  );

export const awsAccountSchema = z
  .strictObject({
    provider: z.literal('aws'),
    account: awsAccountIdSchema,
    regions: regionsOf(awsRegionSchema),
    // The function may assume roles of this name only, so that nobody's other roles are in reach.
    // Required: an account that were read with the function's own role would let any tenant read the account we run in.
    role: awsRoleSchema.describe(
      'The role that is assumed to read the account, with the external id that this tenant is given.',
    ),
    containers: containersOf(false),
    ...accountFields,
  })
  .refine(({ role, account }) => role.split(':')[4] === account, {
    path: ['role'],
    error: 'must be a role of the account that it reads',
  });
