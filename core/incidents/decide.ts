/** Decides whom to notify of what happened: the step between an incident's change and its message. */
import type { Change, ChangeKind } from '../model/change.ts';
import type { Decision } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import type { Versioned } from '../ports/conditional-put.ts';

/** A change that nobody has decided yet, with its incident. */
export interface Undecided {
  readonly incident: Incident;
  readonly change: Change;
}

export interface Decided extends Undecided {
  readonly decision: Decision;
}

export interface PolicyOutcome {
  readonly decisions: readonly Decided[];
  /** Incidents of fleets of which something was decided, as they are stored by now: they are delivered with the others. */
  readonly fleets: readonly Versioned<Incident>[];
  /** Why some changes stay undecided, or were decided without what should have been read: it is thrown after the others were settled. */
  readonly failures?: readonly unknown[];
}

/**
 * Decides changes of one tenant together. What it decides nothing about stays undecided.
 *
 * @param now Epoch milliseconds.
 */
export type Decide = (tenant: string, undecided: readonly Undecided[], now: number) => Promise<PolicyOutcome>;

/** Kinds that are meant to page. Of an early finding too: it is opened only where the policy has it page. */
const PAGES: readonly ChangeKind[] = ['opened', 'worse', 'recovered'];

/** Sends every change to the tenant's topic, whose subscribers select by its kind. */
export const sendEverything: Decide = async (_, undecided) => ({
  decisions: undecided.map((one) => ({ ...one, decision: sent(one.change) })),
  fleets: [],
});

function sent({ kind }: Change): Decision {
  const page = PAGES.includes(kind);
  const reason = `changes of kind ${kind} are sent`;
  return { outcome: 'sent', stage: null, reason, page, receivers: [], until: null, fleet: null, runbook: null };
}
