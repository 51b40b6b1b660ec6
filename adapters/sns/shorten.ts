/** Which parts of an event are left out, and in which order, when it is too large for its topic. What it is about always stays. */
import type { Notification, NotificationData, NotificationLeak } from '../../model/notification.ts';

/** Characters that a text keeps when texts are cut. */
const TEXT_LENGTH = 200;

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
  { says: 'the labels of the host', apply: withoutLabels },
  { says: `what texts hold after ${TEXT_LENGTH} characters`, apply: withTextsCut },
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
  const { pattern, exhaustion, gates } = leak;
  return {
    ...leak,
    pattern: pattern && { ...pattern, name: cut(pattern.name) },
    exhaustion: exhaustion.kind === 'expected' ? exhaustion : { ...exhaustion, reason: cut(exhaustion.reason) },
    gates: gates.map((gate) => ({ ...gate, name: cut(gate.name), unit: cut(gate.unit), says: cut(gate.says) })),
  };
}

function cut(text: string): string {
  return text.length <= TEXT_LENGTH ? text : `${text.slice(0, TEXT_LENGTH)}…`;
}
