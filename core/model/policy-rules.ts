/** Policies of groups and of single hosts, as a tenant or an account writes them. */
import * as z from 'zod';
import { globSchema, hostRuleFields, NAMES_NOTHING, namesHosts } from './host-filter.ts';
import { hostPolicySchema } from './policy.ts';

/** Rules of one list: a region of a hundred thousand hosts is compared with each. */
const MOST_RULES = 100;

const groupPolicySchema = z.strictObject({
  group: globSchema.describe('The name of the group; `*` stands for any text and `?` for one character.'),
  policy: hostPolicySchema,
});

const hostPolicyRuleSchema = z
  .strictObject({ ...hostRuleFields, policy: hostPolicySchema })
  .refine(namesHosts, { error: NAMES_NOTHING })
  .describe('Every field that is given must match; `*` stands for any text and `?` for one character.');

/** Spread into a tenant's and an account's strict object, beside their `policy`. */
export const policyRuleFields = {
  groupPolicies: z
    .array(groupPolicySchema)
    .min(1, 'has no rule: leave it out')
    .max(MOST_RULES)
    .describe(
      'Values for the hosts of a group, over those of tenant and account; a later rule goes before an earlier one.',
    )
    .optional(),
  hostPolicies: z
    .array(hostPolicyRuleSchema)
    .min(1, 'has no rule: leave it out')
    .max(MOST_RULES)
    .describe('Values for single hosts, over all others; a later rule goes before an earlier one.')
    .optional(),
};
