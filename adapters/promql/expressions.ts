/** PromQL as text: names, matchers and durations, quoted so that no label of an answer can end a text and begin an expression. Pure. */

/** A condition on a label, for example `state="used"`. */
export type Matcher = string;

/** What every version of the server takes without quotes. */
const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Names of metrics are matched as texts: names in UTF-8 are refused elsewhere by servers before version 3. */
export function selector(metric: string, matchers: readonly Matcher[] = []): string {
  const isPlain = PLAIN_NAME.test(metric);
  const all = isPlain ? matchers : [is('__name__', metric), ...matchers];
  return `${isPlain ? metric : ''}${all.length > 0 ? `{${all.join(',')}}` : ''}`;
}

/** Series of several metrics: Google's managed service takes no expression that matches their names. */
export function anyOf(metrics: readonly string[], matchers: readonly Matcher[] = []): string {
  return metrics.map((metric) => selector(metric, matchers)).join(' or ');
}

export function is(label: string, text: string): Matcher {
  return `${nameOf(label)}=${quoted(text)}`;
}

export function isNot(label: string, text: string): Matcher {
  return `${nameOf(label)}!=${quoted(text)}`;
}

/** The server anchors expressions at both ends, and looks plain alternatives up without trying each value. */
export function isOneOf(label: string, texts: readonly string[]): Matcher {
  return matches(label, texts.map(literal).join('|'));
}

/** @param pattern A regular expression (RE2). */
export function matches(label: string, pattern: string): Matcher {
  return `${nameOf(label)}=~${quoted(pattern)}`;
}

/** A text as a regular expression that it alone matches. */
export function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * Series of kube-state-metrics by the labels of what they describe. Where the server's own labels have these names (without
 * `honor_labels`), they are `exported_…`, and `pod` is that of kube-state-metrics itself.
 */
export function described(series: string, labels: readonly string[]): string {
  return labels.reduce(
    (renamed, label) => `label_replace(${renamed}, "${label}", "$1", "exported_${label}", "(.+)")`,
    series,
  );
}

/** `by (cluster, instance)`. */
export function by(labels: readonly string[]): string {
  return `by (${labels.map(nameOf).join(', ')})`;
}

/** For example `15m`: the largest unit in which it is an integer. */
export function duration(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, length]) => ms % length === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}

/** The range of the samples of a period, `[start, end)`, where the period's end is evaluated: its last millisecond is the last of the range. */
export function range(ms: number): string {
  return `[${duration(ms)}] offset 1ms`;
}

function nameOf(label: string): string {
  return PLAIN_NAME.test(label) ? label : quoted(label);
}

/** Go's rules for texts: JSON's escapes are among them, but for the surrogates that a broken text may hold. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed());
}
