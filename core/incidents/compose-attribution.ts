/** Who grew, as an event tells it: bounded, so that no host with a thousand long-named pods makes an event too large. */
import type { Attribution, Contribution, Unattributed } from '../model/attribution.ts';
import type { NotificationAttribution } from '../model/notification.ts';
import type { Consumer } from '../model/series.ts';
import type { Interval } from '../model/verdict.ts';
import { clip, iso, round } from './body-values.ts';

type Reported = Extract<NotificationAttribution, { kind: 'attributed' }>;

/** Characters of a name: Kubernetes allows 253 for a pod's, and says the most with the first of them. */
const NAME_LENGTH = 80;

/** Characters of a reason, which holds the snippet that turns collection on. */
const REASON_LENGTH = 1200;

export function attributionFacts(attribution: Attribution): NotificationAttribution {
  if (attribution.kind === 'unattributed') return reasonFacts(attribution);
  const { kind, window, basis, rise, consumers, grown, largest, unexplained } = attribution;
  return {
    kind,
    window: { start: iso(window.start), end: iso(window.end) },
    basis,
    rise: interval(rise),
    consumers,
    grown: grown.map(grownFacts),
    largest: largest.map(({ consumer, after }) => ({ ...consumerFacts(consumer), after: round(after) })),
    unexplained: unexplained && {
      rise: interval(unexplained.rise),
      share: unexplained.share && interval(unexplained.share),
      message: unexplained.message,
    },
  };
}

function reasonFacts({ kind, reason, message }: Unattributed): NotificationAttribution {
  return { kind, reason, message: clip(message, REASON_LENGTH) };
}

function grownFacts(contribution: Contribution): Reported['grown'][number] {
  const { consumer, before, after, rise, share, since, restarts, message } = contribution;
  return {
    ...consumerFacts(consumer),
    before: round(before),
    after: round(after),
    rise: interval(rise),
    share: share && interval(share),
    since: since === null ? null : iso(since),
    restarts: restarts.length,
    message,
  };
}

function consumerFacts({ kind, name, namespace }: Consumer) {
  return {
    kind,
    name: clip(name, NAME_LENGTH),
    ...(namespace !== undefined && { namespace: clip(namespace, NAME_LENGTH) }),
  };
}

function interval({ low, estimate, high }: Interval): Interval {
  return { low: round(low), estimate: round(estimate), high: round(high) };
}
