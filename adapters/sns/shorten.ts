/** Which parts of an event are left out, and in which order, when it is too large for its topic. What it is about always stays. */
import type {
  Notification,
  NotificationAttribution,
  NotificationData,
  NotificationLeak,
} from '../../core/model/notification.ts';

/** Characters that a text keeps when texts are truncated. */
const TEXT_LENGTH = 200;

/** Consumers that are still listed when most of them are left out. */
const GROWN_KEPT = 3;

interface Rule {
  /** What the reader learns. */
  readonly message: string;
  /** The data without it, or undefined where there is nothing to leave out. */
  apply(data: NotificationData): NotificationData | undefined;
}

/** The least missed comes first. */
const RULES: readonly Rule[] = [
  { message: 'the curve', apply: withoutCurve },
  { message: 'the descriptions of the checks', apply: withoutDescriptions },
  { message: 'who uses the most', apply: withoutLargest },
  { message: 'the labels of the host', apply: withoutLabels },
  { message: 'what happened where the growth began', apply: withoutContext },
  { message: 'the hosts of the fleet', apply: withoutMembers },
  { message: `what texts hold after ${TEXT_LENGTH} characters`, apply: withTextsTruncated },
  { message: `who grew after the first ${GROWN_KEPT}`, apply: withFewGrown },
  { message: 'the checks', apply: withoutChecks },
];

/**
 * Leaves out one part after the other until the event fits, and lists in `data.shortened` what is missing.
 * Returns undefined where it does not fit even so: only its ids could be as long as that.
 */
export function shortenToFit(event: Notification, fits: (event: Notification) => boolean): Notification | undefined {
  let current = event;
  for (const { message, apply } of RULES) {
    if (fits(current)) return current;
    const data = apply(current.data);
    if (data) current = { ...current, data: { ...data, shortened: [...(current.data.shortened ?? []), message] } };
  }
  return fits(current) ? current : undefined;
}

function withoutCurve(data: NotificationData): NotificationData | undefined {
  if (data.leak?.curve === undefined) return undefined;
  const { curve: _, ...leak } = data.leak;
  return { ...data, leak };
}

function withoutDescriptions(data: NotificationData): NotificationData | undefined {
  return changeChecks(data, (checks) => checks.map((check) => ({ ...check, message: '' })));
}

function withoutChecks(data: NotificationData): NotificationData | undefined {
  const rest = changeChecks(data, () => []);
  const { anomaly } = data;
  if (anomaly === undefined) return rest;
  const anomalies = anomaly.anomalies.map((fact) => ({ ...fact, checks: [] }));
  return { ...data, ...rest, anomaly: { ...anomaly, anomalies } };
}

function changeChecks(
  data: NotificationData,
  change: (checks: NotificationLeak['checks']) => NotificationLeak['checks'],
): NotificationData | undefined {
  const { leak } = data;
  return leak && { ...data, leak: { ...leak, checks: change(leak.checks) } };
}

function withoutLabels(data: NotificationData): NotificationData | undefined {
  if (data.host.labels === undefined) return undefined;
  const { labels: _, ...host } = data.host;
  return { ...data, host };
}

function withoutContext(data: NotificationData): NotificationData | undefined {
  if (data.context === undefined) return undefined;
  const { context: _, ...rest } = data;
  return rest;
}

function withoutMembers(data: NotificationData): NotificationData | undefined {
  return data.fleet && { ...data, fleet: { ...data.fleet, first: [], regions: [] } };
}

function withoutLargest(data: NotificationData): NotificationData | undefined {
  return changeAttribution(data, (attribution) =>
    attribution.kind === 'attributed' ? { ...attribution, largest: [] } : undefined,
  );
}

function withFewGrown(data: NotificationData): NotificationData | undefined {
  return changeAttribution(data, (attribution) =>
    attribution.kind === 'attributed' ? { ...attribution, grown: attribution.grown.slice(0, GROWN_KEPT) } : undefined,
  );
}

function changeAttribution(
  data: NotificationData,
  change: (attribution: NotificationAttribution) => NotificationAttribution | undefined,
): NotificationData | undefined {
  const attribution = data.leak?.attribution && change(data.leak.attribution);
  return data.leak && attribution && { ...data, leak: { ...data.leak, attribution } };
}

function withTextsTruncated(data: NotificationData): NotificationData {
  const { host, leak } = data;
  return {
    ...data,
    summary: truncated(data.summary),
    host: {
      ...host,
      ...(host.name !== undefined && { name: truncated(host.name) }),
      ...(host.group !== undefined && { group: truncated(host.group) }),
    },
    ...(leak && { leak: leakWithTextsTruncated(leak) }),
  };
}

function leakWithTextsTruncated(leak: NotificationLeak): NotificationLeak {
  const { pattern, exhaustion, checks, attribution, votes } = leak;
  return {
    ...leak,
    ...(attribution && { attribution: attributionWithTextsTruncated(attribution) }),
    ...(votes && { votes: votes.map((vote) => ({ ...vote, message: truncated(vote.message) })) }),
    pattern: pattern && { ...pattern, name: truncated(pattern.name) },
    exhaustion: exhaustionWithTextsTruncated(exhaustion),
    checks: checks.map((check) => ({
      ...check,
      name: truncated(check.name),
      unit: truncated(check.unit),
      message: truncated(check.message),
    })),
  };
}

function exhaustionWithTextsTruncated(exhaustion: NotificationLeak['exhaustion']): NotificationLeak['exhaustion'] {
  if (exhaustion.kind === 'expected') return exhaustion;
  return { ...exhaustion, reason: truncated(exhaustion.reason), message: truncated(exhaustion.message) };
}

function attributionWithTextsTruncated(attribution: NotificationAttribution): NotificationAttribution {
  if (attribution.kind === 'unattributed') return { ...attribution, message: truncated(attribution.message) };
  const { grown, largest, unexplained } = attribution;
  return {
    ...attribution,
    grown: grown.map(withNamesTruncated),
    largest: largest.map(withNamesTruncated),
    unexplained: unexplained && { ...unexplained, message: truncated(unexplained.message) },
  };
}

function withNamesTruncated<Named extends { readonly name: string; readonly namespace?: string }>(one: Named): Named {
  const { name, namespace } = one;
  return { ...one, name: truncated(name), ...(namespace !== undefined && { namespace: truncated(namespace) }) };
}

function truncated(text: string): string {
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}…`;
}
