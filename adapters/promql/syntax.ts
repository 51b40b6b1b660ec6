/** The syntax of PromQL, by the grammar that the Prometheus project's own console parses with, and what an expression evaluates to. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** Characters of an expression at the most. */
const MAX_LENGTH = 4_000;

/**
 * What is wrong with an expression whose series are read, as a predicate: `is no PromQL near "foo("`; undefined where nothing is. Only an
 * instant vector has series with one value each at a time.
 */
export function vectorIssue(expression: string): string | undefined {
  const issue = syntaxIssue(expression);
  if (issue !== undefined) return issue;
  const [top] = partsOf(parser.parse(expression).topNode);
  if (top === undefined) return 'is empty';
  const argument = argumentIssue(top, (node) => expression.slice(node.from, node.to));
  if (argument !== undefined) return argument;
  const type = typeOf(top);
  return type === 'vector' ? undefined : `is ${NOUNS[type]}, and must be an instant vector: one value for each series`;
}

type ValueType = 'vector' | 'range' | 'scalar' | 'text';

const NOUNS: Readonly<Record<ValueType, string>> = {
  vector: 'an instant vector',
  range: 'a range of samples',
  scalar: 'a single number',
  text: 'a text',
};

const SCALAR_FUNCTIONS: readonly string[] = ['Time', 'Scalar', 'Pi'];

/** https://prometheus.io/docs/prometheus/latest/querying/functions/, beside those whose names end in `_over_time`. */
const RANGE_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['Rate', 'Irate', 'Increase', 'Delta', 'Idelta', 'Deriv', 'PredictLinear', 'Changes', 'Resets'],
  ...['HoltWinters', 'DoubleExponentialSmoothing'],
]);

/** Of an expression without mistakes of syntax. */
function typeOf(node: SyntaxNode): ValueType {
  const parts = partsOf(node);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'StringLiteral':
      return 'text';
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return 'range';
    case 'FunctionCall':
      return SCALAR_FUNCTIONS.includes(functionOf(node)) ? 'scalar' : 'vector';
    case 'BinaryExpr':
      return parts.every((part) => typeOf(part) === 'scalar') ? 'scalar' : 'vector';
    case 'ParenExpr':
    case 'UnaryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return parts[0] === undefined ? 'vector' : typeOf(parts[0]);
    default:
      return 'vector';
  }
}

/** A server refuses a range where it needs one value, and one value where it needs a range. */
function argumentIssue(node: SyntaxNode, textOf: (node: SyntaxNode) => string): string | undefined {
  const isCall = node.name === 'FunctionCall';
  const parts = isCall || node.name === 'AggregateExpr' ? partsOf(node.getChild('FunctionCallBody')) : partsOf(node);
  if (isCall && isOverRange(functionOf(node)) && !parts.some((part) => typeOf(part) === 'range'))
    return `needs a range of samples in ${textOf(node).slice(0, 60)}, for example [$period]`;
  if (!takesRange(node)) {
    const range = parts.find((part) => typeOf(part) === 'range');
    if (range !== undefined) return `has a range of samples, ${textOf(range).slice(0, 60)}, where one value is needed`;
  }
  for (const part of parts) {
    const issue = argumentIssue(part, textOf);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function takesRange(node: SyntaxNode): boolean {
  if (node.name === 'FunctionCall') return isOverRange(functionOf(node));
  return ['ParenExpr', 'OffsetExpr', 'StepInvariantExpr'].includes(node.name);
}

function isOverRange(name: string): boolean {
  return name.endsWith('OverTime') || RANGE_FUNCTIONS.has(name);
}

/** As the grammar names it: `MaxOverTime`. */
function functionOf(call: SyntaxNode): string {
  return call.getChild('FunctionIdentifier')?.firstChild?.name ?? '';
}

const EXPRESSIONS: ReadonlySet<string> = new Set([
  ...['NumberDurationLiteral', 'StringLiteral', 'VectorSelector', 'MatrixSelector', 'SubqueryExpr', 'FunctionCall'],
  ...['AggregateExpr', 'BinaryExpr', 'ParenExpr', 'UnaryExpr', 'OffsetExpr', 'StepInvariantExpr'],
]);

function partsOf(node: SyntaxNode | null): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let part = node?.firstChild ?? null; part !== null; part = part.nextSibling) {
    if (EXPRESSIONS.has(part.name)) parts.push(part);
  }
  return parts;
}

/** What is wrong with an expression, as a predicate: `is no PromQL at "foo("`; undefined where nothing is. */
export function syntaxIssue(expression: string): string | undefined {
  if (expression.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const cursor = parser.parse(expression).cursor();
  do {
    if (!cursor.type.isError) continue;
    const near = expression.slice(Math.max(0, cursor.from - 10), cursor.from + 20);
    return near === '' ? 'is empty' : `is no PromQL near ${JSON.stringify(near)}`;
  } while (cursor.next());
  return undefined;
}
