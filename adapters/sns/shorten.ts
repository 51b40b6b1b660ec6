/** Which parts of an event are left out, and in which order, when it is too large for its topic. What it is about always stays. */
import type {
  Notification,
  NotificationAttribution,
  NotificationData,
  NotificationLeak,
} from '../../core/model/notification.ts';

/** Characters that a text keeps when texts are cut. */
const TEXT_LENGTH = 200;

/** Consumers that are told still when most of them are left out. */
const GROWN_KEPT = 3;

interface Rule {
  /** What the reader is told. */
  readonly says: string;
  /** The data without it, or undefined where there is nothing to leave out. */
  apply(data: NotificationData): NotificationData | undefined;
}

/** The least missed comes first. */
const RULES: readonly Rule[] = [
  { says: 'the curve', apply: withoutCurve },
  { says: 'the sentences of the gates', apply: withoutSentences },
  { says: 'who uses the most', apply: withoutLargest },
  { says: 'the labels of the host', apply: withoutLabels },
  { says: `what texts hold after ${TEXT_LENGTH} characters`, apply: withTextsCut },
  { says: `who grew after the first ${GROWN_KEPT}`, apply: withFewGrown },
  { says: 'the gates', apply: withoutGates },
];

/**
 * Leaves out one part after the other until the event fits, and lists in `data.shortened` what is missing.
 * Returns undefined where it does not fit even so: only its ids could be as long as that.
 */
export function shortenToFit(event: Notification, fits: (event: Notification) => boolean): Notification | undefined {
  let current = event;
  for (const { says, apply } of RULES) {
    if (fits(current)) return current;
    const data = apply(current.data);
    if (data) current = { ...current, data: { ...data, shortened: [...(current.data.shortened ?? []), says] } };
  }
  return fits(current) ? current : undefined;
}

function withoutCurve(data: NotificationData): NotificationData | undefined {
  if (data.leak?.curve === undefined) return undefined;
  const { curve: _, ...leak } = data.leak;
  return { ...data, leak };
}

function withoutSentences(data: NotificationData): NotificationData | undefined {
  return changeGates(data, (gates) => gates.map((gate) => ({ ...gate, says: '' })));
}

function withoutGates(data: NotificationData): NotificationData | undefined {
  return changeGates(data, () => []);
}

function changeGates(
  data: NotificationData,
  change: (gates: NotificationLeak['gates']) => NotificationLeak['gates'],
): NotificationData | undefined {
  const { leak } = data;
  return leak && { ...data, leak: { ...leak, gates: change(leak.gates) } };
}

function withoutLabels(data: NotificationData): NotificationData | undefined {
  if (data.host.labels === undefined) return undefined;
  const { labels: _, ...host } = data.host;
  return { ...data, host };
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

function withTextsCut(data: NotificationData): NotificationData {
  const { host, leak } = data;
  return {
    ...data,
    summary: cut(data.summary),
    host: {
      ...host,
      ...(host.name !== undefined && { name: cut(host.name) }),
      ...(host.group !== undefined && { group: cut(host.group) }),
    },
    ...(leak && { leak: leakWithTextsCut(leak) }),
  };
}

function leakWithTextsCut(leak: NotificationLeak): NotificationLeak {
  const { pattern, exhaustion, gates, attribution } = leak;
  return {
    ...leak,
    ...(attribution && { attribution: attributionWithTextsCut(attribution) }),
    pattern: pattern && { ...pattern, name: cut(pattern.name) },
    exhaustion: exhaustion.kind === 'expected' ? exhaustion : { ...exhaustion, reason: cut(exhaustion.reason) },
    gates: gates.map((gate) => ({ ...gate, name: cut(gate.name), unit: cut(gate.unit), says: cut(gate.says) })),
  };
}

function attributionWithTextsCut(attribution: NotificationAttribution): NotificationAttribution {
  if (attribution.kind === 'unattributed') return { ...attribution, says: cut(attribution.says) };
  const { grown, largest, unexplained } = attribution;
  return {
    ...attribution,
    grown: grown.map(withNamesCut),
    largest: largest.map(withNamesCut),
    unexplained: unexplained && { ...unexplained, says: cut(unexplained.says) },
  };
}

function withNamesCut<Named extends { readonly name: string; readonly namespace?: string }>(one: Named): Named {
  const { name, namespace } = one;
  return { ...one, name: cut(name), ...(namespace !== undefined && { namespace: cut(namespace) }) };
}

function cut(text: string): string {
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}…`;
}
