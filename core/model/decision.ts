/** What the alert policy made of a change: sent, held back with a reason, or put off. */
import * as z from 'zod';

/**
 * The stages of the chain, in their order; a decision names the one that held the change back. `order` is of what later changes of the
 * same incident made pointless: what was put off and is over by then, and ends of what nobody was notified of.
 */
export const POLICY_STAGES = [
  'shadow',
  'storm',
  'container',
  'maintenance',
  'mute',
  'label',
  'silence',
  'rule',
  'quiet_hours',
  'order',
] as const;
export type PolicyStage = (typeof POLICY_STAGES)[number];

const text = z.string().max(500);

export const decisionSchema = z
  .strictObject({
    outcome: z.enum(['sent', 'held', 'put_off']),
    /** What held it back or put it off; null where it is sent. */
    stage: z.enum(POLICY_STAGES).nullable(),
    /** In words, for people: "muted until 2026-12-01 by ops: known". Where it is sent: the rule that sends it. */
    reason: text,
    /** Whether it is meant to wake somebody up. */
    page: z.boolean(),
    /** Names of receivers, as the config has them; empty where the topic alone gets it. */
    receivers: z.array(z.string().max(64)).max(20).readonly(),
    /** Where it is put off: when it is decided again, epoch milliseconds. */
    until: z.int().nullable(),
    /** The incident of the fleet that it belongs to. */
    fleet: z.string().nullable(),
    runbook: z.string().max(2000).nullable(),
  })
  .readonly();

export type Decision = z.output<typeof decisionSchema>;
