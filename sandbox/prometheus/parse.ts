/** From PromQL to an expression, over the tree of the Prometheus project's own grammar. What the sandbox does not know is 400 bad_data. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { badData } from './errors.ts';
import type { Expression, Matcher, Matching, MatchOperator, Selector } from './expression.ts';
import { durationOf, numberOf, textOf } from './literals.ts';

/** Characters of a query: the server has no limit of its own, its HTTP requests have. */
const MAX_LENGTH = 1_000_000;

/** The nodes that carry the operator of a binary operation, by their name in the grammar. */
const OPERATORS: Readonly<Record<string, string>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
  Pow: '^',
  Eql: '==',
  Neq: '!=',
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
  And: 'and',
  Or: 'or',
  Unless: 'unless',
};

/** Throws `PromError` 400 for a mistake, and for what the sandbox does not know. */
export function parseExpression(query: string): Expression {
  if (query.trim() === '')
    throw badData('invalid parameter "query": unknown position: parse error: no expression found in input');
  if (query.length > MAX_LENGTH) throw badData(`the query has more than ${MAX_LENGTH} characters`);
  const tree = parser.parse(query);
  tree.iterate({
    enter(node) {
      if (node.type.isError)
        throw badData(`invalid parameter "query": 1:${node.from + 1}: parse error: unexpected input`);
    },
  });
  const [root] = childrenOf(tree.topNode);
  if (root === undefined) throw badData('invalid parameter "query": parse error: no expression found in input');
  return createReader(query)(root);
}

/** A selector alone, as `match[]` has it. */
export function parseSelector(query: string): Selector {
  const expression = parseExpression(query);
  if (expression.kind !== 'selector' || expression.range !== undefined || expression.offset !== 0) {
    throw badData(`invalid parameter "match[]": not a selector: ${query}`);
  }
  return expression;
}

type Read = (node: SyntaxNode) => Expression;

function createReader(query: string): Read {
  const source = (node: SyntaxNode) => query.slice(node.from, node.to);
  const read: Read = (node) => {
    const reader = READERS[node.name];
    if (reader === undefined) throw unknown(node.name, source(node));
    return reader({ node, children: childrenOf(node), source, read });
  };
  return read;
}

interface Reading {
  readonly node: SyntaxNode;
  readonly children: readonly SyntaxNode[];
  readonly source: (node: SyntaxNode) => string;
  readonly read: Read;
}

const READERS: Readonly<Record<string, (reading: Reading) => Expression>> = {
  NumberDurationLiteral: ({ node, source }) => ({ kind: 'number', value: numberOf(source(node)) }),
  StringLiteral: ({ node, source }) => ({ kind: 'text', value: textOf(source(node)) }),
  ParenExpr: (reading) => reading.read(only(reading, 0)),
  VectorSelector: (reading) => ({ kind: 'selector', offset: 0, matchers: matchersOf(reading) }),
  MatrixSelector: readRange,
  SubqueryExpr: readSubquery,
  OffsetExpr: readOffset,
  UnaryExpr: readSign,
  FunctionCall: ({ node, source, read }) => {
    const name = node.getChild('FunctionIdentifier');
    return { kind: 'call', name: name === null ? '' : source(name), args: argumentsOf(node).map(read) };
  },
  AggregateExpr: readAggregation,
  BinaryExpr: readBinary,
};

function only({ children, node, source }: Reading, index: number): SyntaxNode {
  const child = children[index];
  if (child === undefined) throw unknown(node.name, source(node));
  return child;
}

function matchersOf({ node, source }: Reading): Matcher[] {
  const found: Matcher[] = [];
  const name = node.getChild('Identifier');
  if (name !== null) found.push({ label: '__name__', operator: '=', value: source(name) });
  for (const matcher of childrenOf(node.getChild('LabelMatchers'))) {
    if (matcher.name === 'QuotedLabelName') {
      found.push({ label: '__name__', operator: '=', value: textOf(source(matcher)) });
      continue;
    }
    const [label, operator, value] = childrenOf(matcher).map(source);
    const isQuoted = matcher.name === 'QuotedLabelMatcher';
    found.push({
      label: isQuoted ? textOf(label ?? '') : (label ?? ''),
      operator: operatorOf(operator ?? ''),
      value: textOf(value ?? ''),
    });
  }
  return found;
}

function operatorOf(text: string): MatchOperator {
  if (text === '=' || text === '!=' || text === '=~' || text === '!~') return text;
  throw unknown('matcher', text);
}

function readRange(reading: Reading): Expression {
  const of = reading.read(only(reading, 0));
  const range = durationOf(reading.source(only(reading, 1)));
  if (of.kind !== 'selector' || of.range !== undefined || of.offset !== 0) {
    throw badData('ranges only allowed for vector selectors');
  }
  if (range === undefined || range === 0) throw unknown('duration', reading.source(only(reading, 1)));
  return { ...of, range };
}

/** With a step of its own: that of the server's configuration is nobody's concern. */
function readSubquery(reading: Reading): Expression {
  const { node, source } = reading;
  const [range, step] = node.getChildren('DurationExpr').map((each) => durationOf(source(each)));
  if (!range || !step) throw unknown('subquery', source(node));
  return { kind: 'subquery', of: reading.read(only(reading, 0)), range, step };
}

/**
 * The grammar takes everything to the left for what an offset belongs to, where the server takes the selector next to it. So it
 * goes to the last operand; where an operation follows that would bind to that operand first, parentheses are required.
 */
function readOffset(reading: Reading): Expression {
  const { node, source } = reading;
  const text = source(only(reading, 2));
  const sign = text.startsWith('-') ? -1 : 1;
  const duration = durationOf(text.replace(/^[+-]\s*/, ''));
  if (duration === undefined) throw unknown('offset', text);
  const child = only(reading, 0);
  if (child.name === 'BinaryExpr' && bindsTighter(node.parent, child)) {
    throw badData(`write parentheses around the operation with an offset: ${source(node)}`);
  }
  return offsetLast(reading.read(child), child, sign * duration, source);
}

/** How tightly operators bind; those of one number go from left to right, but for `^`. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};
const PRECEDENCE_OF_COMPARISONS = 3;

function bindsTighter(outer: SyntaxNode | null, inner: SyntaxNode): boolean {
  if (outer?.name !== 'BinaryExpr') return false;
  const [one, other] = [outer, inner].map((node) => {
    const operator = operatorIn(childrenOf(node)) ?? '';
    return PRECEDENCE[operator] ?? PRECEDENCE_OF_COMPARISONS;
  });
  return one !== undefined && other !== undefined && (one > other || one === PRECEDENCE['^']);
}

function operatorIn(children: readonly SyntaxNode[]): string | undefined {
  return children.map(({ name }) => OPERATORS[name]).find((found) => found !== undefined);
}

function offsetLast(
  expression: Expression,
  node: SyntaxNode,
  offset: number,
  source: (node: SyntaxNode) => string,
): Expression {
  if (node.name === 'ParenExpr') throw badData('offset modifier must be preceded by an instant vector selector');
  const last = node.lastChild;
  if (expression.kind === 'binary' && last !== null) {
    return { ...expression, right: offsetLast(expression.right, last, offset, source) };
  }
  if (expression.kind === 'negation' && last !== null) {
    return { ...expression, of: offsetLast(expression.of, last, offset, source) };
  }
  if (expression.kind !== 'selector') throw badData('offset modifier must be preceded by an instant vector selector');
  if (expression.offset !== 0) throw badData('offset may not be set multiple times');
  return { ...expression, offset };
}

function readSign(reading: Reading): Expression {
  const of = reading.read(only(reading, 1));
  return reading.source(only(reading, 0)) === '-' ? { kind: 'negation', of } : of;
}

function readAggregation({ node, source, read }: Reading): Expression {
  const operator = node.getChild('AggregateOp');
  const modifier = node.getChild('AggregateModifier');
  const args = argumentsOf(node).map(read);
  const of = args.at(-1);
  if (operator === null || of === undefined || args.length > 2) throw unknown('aggregation', source(node));
  const [parameter] = args.slice(0, -1);
  return {
    kind: 'aggregation',
    operator: source(operator),
    labels: labelsOf(modifier?.getChild('GroupingLabels') ?? null, source),
    without: modifier?.getChild('Without') !== null && modifier !== null,
    ...(parameter !== undefined && { parameter }),
    of,
  };
}

function readBinary({ node, children, source, read }: Reading): Expression {
  const [left, right] = [children[0], children.at(-1)];
  const operator = operatorIn(children);
  if (left === undefined || right === undefined || operator === undefined) throw unknown('operation', source(node));
  if (node.getChild('FillModifier') !== null) throw unknown('fill', source(node));
  return {
    kind: 'binary',
    operator,
    bool: node.getChild('BoolModifier') !== null,
    matching: matchingOf(node.getChild('MatchingModifierClause'), source),
    left: read(left),
    right: read(right),
  };
}

function matchingOf(clause: SyntaxNode | null, source: (node: SyntaxNode) => string): Matching {
  if (clause === null) return { labels: [], on: false, include: [] };
  const [labels, include] = clause.getChildren('GroupingLabels');
  const isLeft = clause.getChild('GroupLeft') !== null;
  const isMany = isLeft || clause.getChild('GroupRight') !== null;
  return {
    labels: labelsOf(labels ?? null, source),
    on: clause.getChild('On') !== null,
    ...(isMany && { many: isLeft ? 'left' : 'right' }),
    include: labelsOf(include ?? null, source),
  };
}

function labelsOf(node: SyntaxNode | null, source: (node: SyntaxNode) => string): string[] {
  return childrenOf(node).map((label) => (label.name === 'QuotedLabelName' ? textOf(source(label)) : source(label)));
}

function argumentsOf(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node.getChild('FunctionCallBody'));
}

function childrenOf(node: SyntaxNode | null): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

function unknown(what: string, text: string) {
  return badData(`the sandbox does not know this ${what}: ${text}`);
}
