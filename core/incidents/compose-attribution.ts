/** Who grew, as an event reports it: bounded, so that no host with a thousand long-named pods makes an event too large. */
import { collectionText, REMAINDER_MEANINGS, unattributedText } from '../messages/attribution.ts';
import { clip } from '../messages/plain-text.ts';
import type { Attribution, Contribution, Unexplained } from '../model/attribution.ts';
import { encoded } from '../model/notation.ts';
import { CONSUMER_NAME_LENGTH, type NotificationAttribution, PUBLISHED } from '../model/notification.ts';
import type { Consumer } from '../model/series.ts';

type Reported = Extract<NotificationAttribution, { kind: 'attributed' }>;

/** Characters of a reason, which holds the snippet that turns collection on. */
const REASON_LENGTH = 1200;

export function attributionFacts(attribution: Attribution): NotificationAttribution {
  if (attribution.kind === 'unattributed') {
    const { kind, reason } = attribution;
    return { kind, reason, message: clip(unattributedText(attribution), REASON_LENGTH) };
  }
  const { grown, largest, unexplained } = attribution;
  return {
    ...encoded(PUBLISHED.attributed, attribution),
    grown: grown.map(grownFacts),
    largest: largest.map((one) => ({
      ...consumerFacts(one.consumer),
      after: encoded(PUBLISHED.contribution, one).after,
    })),
    unexplained: unexplained && unexplainedFacts(unexplained),
  };
}

function grownFacts(contribution: Contribution): Reported['grown'][number] {
  return {
    ...consumerFacts(contribution.consumer),
    ...encoded(PUBLISHED.contribution, contribution),
    restarts: contribution.restarts.length,
    message: collectionText(contribution),
  };
}

function unexplainedFacts(unexplained: Unexplained): NonNullable<Reported['unexplained']> {
  return { ...encoded(PUBLISHED.unexplained, unexplained), message: REMAINDER_MEANINGS[unexplained.remainder] };
}

function consumerFacts({ kind, name, namespace }: Consumer) {
  return {
    kind,
    name: clip(name, CONSUMER_NAME_LENGTH),
    ...(namespace !== undefined && { namespace: clip(namespace, CONSUMER_NAME_LENGTH) }),
  };
}
