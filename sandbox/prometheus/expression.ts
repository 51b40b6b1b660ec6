/** What a PromQL expression consists of, of what the sandbox knows. */

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A selector of series; with a range of the samples of each. */
export interface Selector {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  /** Milliseconds back from the time of evaluation. */
  readonly offset: number;
  /** Milliseconds; absent where the newest sample is selected. */
  readonly range?: number;
}

/** The values of an expression at the multiples of a step, back from the time of evaluation: `up[1h:5m]`. */
export interface Subquery {
  readonly kind: 'subquery';
  readonly of: Expression;
  /** Milliseconds. */
  readonly range: number;
  readonly step: number;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: string;
  /** Labels that are kept, or left out where `without` holds. */
  readonly labels: readonly string[];
  readonly without: boolean;
  readonly parameter?: Expression;
  readonly of: Expression;
}

/** How the two sides of an operation find each other. */
export interface Matching {
  /** Labels that have to be equal, or all but these where `on` does not hold. */
  readonly labels: readonly string[];
  readonly on: boolean;
  /** The side of which several series may match one of the other. */
  readonly many?: 'left' | 'right';
  /** Labels that are taken from the side with one. */
  readonly include: readonly string[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: string;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Expression;
  readonly right: Expression;
}

export type Expression =
  | Selector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'negation'; readonly of: Expression };

/** The metric that an expression names first; undefined where it names none. */
export function metricOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'selector':
      return expression.matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
    case 'call':
      return firstOf(expression.args);
    case 'aggregation':
    case 'subquery':
    case 'negation':
      return metricOf(expression.of);
    case 'binary':
      return firstOf([expression.left, expression.right]);
    default:
      return undefined;
  }
}

function firstOf(expressions: readonly Expression[]): string | undefined {
  return expressions.map(metricOf).find((metric) => metric !== undefined);
}
