/** An incident for other programs: as it is kept, and as a finding of OCSF. */
import { ocsfFinding } from '../messages/ocsf.ts';
import type { Story } from './incident-story.ts';

/** How the incident is now; null where its host has another one by now. */
export function storyFacts({ named: { id, tenant }, current, isCurrent, events, hasMore, unlogged }: Story): object {
  return {
    id,
    tenant,
    incident: isCurrent ? current : null,
    unlogged,
    events,
    ...(hasMore && { hasMoreEvents: true }),
  };
}

/** A finding is updated under its own id: the newest message has all that is known. Undefined where the log has no change any more. */
export function ocsfOf({ described: [newest] }: Story): object | undefined {
  return newest && ocsfFinding(newest.body);
}
