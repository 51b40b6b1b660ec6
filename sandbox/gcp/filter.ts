/**
 * Monitoring filters: conjunctions of `=` with a text, `starts_with`, `one_of` and a regular expression, each of which `NOT` may
 * precede, and which parentheses may hold together. The language has more; what the sandbox does not know it refuses. https://cloud.google.com/monitoring/api/v3/filters
 */

/** What a filter can ask of a series, by selector, for example `resource.labels.zone`. */
export type Selectable = Readonly<Record<string, string>>;

export interface MonitoringFilter {
  readonly metricType: string;
  matches(series: Selectable): boolean;
  /** What a selector has to begin with or be; undefined where the filter does not restrict it. */
  prefixOf(selector: string): string | undefined;
}

/** Strings in one `one_of`. */
const MAX_ALTERNATIVES = 100;

const TEXT = '"((?:[^"\\\\]|\\\\.)*)"';
const COMPARISON = new RegExp(
  `\\s*\\(?\\s*(NOT\\s+)?([\\w.]+(?:\\."[^"]+")?)\\s*=\\s*(?:${TEXT}|starts_with\\(${TEXT}\\)|one_of\\(([^)]*)\\)|` +
    `monitoring\\.regex\\.full_match\\(${TEXT}\\))\\s*\\)?\\s*(AND\\s|$)`,
  'y',
);

interface Comparison {
  readonly selector: string;
  readonly operator: 'is' | 'starts_with' | 'one_of' | 'matches';
  readonly texts: readonly string[];
  readonly negated: boolean;
}

/** Throws an `Error` that names the mistake, as the service's INVALID_ARGUMENT does. */
export function parseFilter(text: string): MonitoringFilter {
  const comparisons = parseComparisons(text);
  const types = comparisons.filter(({ selector }) => selector === 'metric.type');
  const [type] = types;
  if (type === undefined || types.length > 1 || type.operator !== 'is') {
    throw new Error('The supplied filter does not specify a valid combination of metric and monitored resource');
  }
  return {
    metricType: type.texts[0] ?? '',
    matches: (series) => comparisons.every((comparison) => holds(comparison, series)),
    prefixOf: (wanted) => comparisons.find(({ selector, negated }) => selector === wanted && !negated)?.texts[0],
  };
}

function parseComparisons(text: string): Comparison[] {
  const found: Comparison[] = [];
  COMPARISON.lastIndex = 0;
  while (COMPARISON.lastIndex < text.length) {
    const at = COMPARISON.lastIndex;
    const match = COMPARISON.exec(text);
    if (match === null) throw new Error(`Could not parse filter "${text}" at ${at}`);
    found.push(comparisonOf(match));
  }
  return found;
}

function comparisonOf([, not, quoted = '', is, prefix, alternatives, pattern]: RegExpExecArray): Comparison {
  const compared = { selector: quoted.replaceAll('"', ''), negated: not !== undefined };
  if (is !== undefined) return { ...compared, operator: 'is', texts: [unescapeText(is)] };
  if (prefix !== undefined) return { ...compared, operator: 'starts_with', texts: [unescapeText(prefix)] };
  if (pattern !== undefined) return { ...compared, operator: 'matches', texts: [unescapeText(pattern)] };
  const texts = [...(alternatives ?? '').matchAll(new RegExp(TEXT, 'g'))].map(([, text = '']) => unescapeText(text));
  if (texts.length === 0 || texts.length > MAX_ALTERNATIVES) {
    throw new Error(`one_of takes 1 to ${MAX_ALTERNATIVES} strings, not ${texts.length}`);
  }
  return { ...compared, operator: 'one_of', texts };
}

function unescapeText(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

function holds({ selector, operator, texts, negated }: Comparison, series: Selectable): boolean {
  const value = series[selector];
  if (value === undefined) return negated;
  const [text = ''] = texts;
  switch (operator) {
    case 'starts_with':
      return value.startsWith(text) !== negated;
    case 'matches':
      return new RegExp(`^(?:${text})$`).test(value) !== negated;
    case 'is':
    case 'one_of':
      return texts.includes(value) !== negated;
  }
}
